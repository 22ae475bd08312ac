/**
 * The MQTT server: connections, sessions, the subscription tree and routing. Speaks MQTT to clients and events to everybody
 * else; never Redis.
 */
@NullMarked
@CheckReturnValue
package io.redshank.broker;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
