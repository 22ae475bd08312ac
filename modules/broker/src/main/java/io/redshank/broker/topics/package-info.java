/**
 * What the configuration says about topics: which are rewritten, which every client is subscribed to, and which nobody is.
 * Knows neither connections nor packets.
 */
@NullMarked
@CheckReturnValue
package io.redshank.broker.topics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
