/**
 * What is published later: wills with a delay, and what was published to {@code $delayed/…}. Keeps both in Redis until they are
 * due; knows neither MQTT packets nor how a message is published, which the broker is told to do.
 */
@NullMarked
@CheckReturnValue
package io.redshank.delayed;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
