/**
 * What becomes of a message in Redis when it was delivered or acknowledged: bookmarks, consumed messages, commands. Knows neither
 * MQTT packets nor how messages are stored.
 */
@NullMarked
@CheckReturnValue
package io.redshank.acks;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
