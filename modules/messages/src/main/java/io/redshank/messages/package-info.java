/**
 * The topic logs in Redis: what is published is appended, what a subscription missed is read, what has expired is swept. Knows
 * no MQTT packets and no other verticle.
 */
@NullMarked
@CheckReturnValue
package io.redshank.messages;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
