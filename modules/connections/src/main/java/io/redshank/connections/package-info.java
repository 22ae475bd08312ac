/**
 * Who is online, which sessions are kept and what they are subscribed to, as keys in Redis, and the channel on which
 * applications steer subscriptions. Knows neither MQTT packets nor messages.
 */
@NullMarked
@CheckReturnValue
package io.redshank.connections;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
