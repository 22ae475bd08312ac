/**
 * The hook table: which functions and raw Redis commands run on which event, on which topics and in which pool. Knows neither
 * MQTT packets nor the form of the configuration file.
 */
@NullMarked
@CheckReturnValue
package io.redshank.hooks;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
