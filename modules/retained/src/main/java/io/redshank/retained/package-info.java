/**
 * Keeps retained messages in Redis, and finds those that a new subscription matches by an index of their topics. Knows neither
 * MQTT packets nor the other verticles.
 */
@NullMarked
@CheckReturnValue
package io.redshank.retained;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
