/**
 * How nodes find each other, and what they know of each other: who serves what, and who wants which messages. Knows neither MQTT
 * packets nor Redis.
 */
@NullMarked
@CheckReturnValue
package io.redshank.cluster;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
