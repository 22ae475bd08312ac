/**
 * Turns the configuration of the EMQ X Redis backend into ours. Knows our configuration only through its parser, which judges
 * everything that is carried over.
 */
@NullMarked
@CheckReturnValue
package io.redshank.app.emqx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
