/**
 * What a node was told to be: where settings come from, how they are checked, and the records that hold them. Knows neither
 * how a node is put together nor anything of MQTT packets.
 */
@NullMarked
@CheckReturnValue
package io.redshank.app.config;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
