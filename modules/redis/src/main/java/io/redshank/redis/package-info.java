/**
 * The way to Redis: links to pools, every key and body of the layout, and scripts. Knows what the values of MQTT are, but
 * neither events nor packets.
 */
@NullMarked
@CheckReturnValue
package io.redshank.redis;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
