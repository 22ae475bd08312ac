/**
 * What operators ask of the state in Redis: what of it no live state explains, what keeps a client from getting a topic's messages,
 * and what has become of a message. Works beside nodes that run, in small steps, and knows neither events nor MQTT packets.
 */
@NullMarked
@CheckReturnValue
package io.redshank.admin;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
