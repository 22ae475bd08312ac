/**
 * Lifecycle events: what they say, who receives each, their wire form, and both ends of their way over the event bus. Knows
 * neither MQTT packets nor Redis.
 */
@NullMarked
@CheckReturnValue
package io.redshank.events;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
