/**
 * Who may log in, and how that is proved: users with their SCRAM secrets, passwords, and mechanisms of enhanced authentication.
 * Knows no packets and no configuration.
 */
@NullMarked
@CheckReturnValue
package io.redshank.auth;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
