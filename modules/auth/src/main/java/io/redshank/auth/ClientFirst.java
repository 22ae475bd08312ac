package io.redshank.auth;

import io.redshank.model.Payload;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a SCRAM client (RFC 5802, section 7). Read here and not by the library, whose reader forgets extensions,
 * so that the proof fails, and does not undo the escapes of names.
 *
 * @param gs2Header what the client says of channel binding, and whom it wants to act as
 * @param actAs as whom it wants to act; null if it does not say
 * @param bare all behind the header, as the client wrote it
 */
record ClientFirst(String gs2Header, @Nullable String actAs, String bare, String username, String nonce) {
    /** The longest message of a client, in bytes. */
    static final int LONGEST = 4096;
    /** A nonce: printable ASCII but for the comma. */
    static final String NONCE = "[!-+\\--~]+";

    private static final Pattern MESSAGE = Pattern.compile(
            "(?<header>[ny],(?:a=(?<as>[^,]+))?,)(?<bare>n=(?<user>[^,]+),r=(?<nonce>" + NONCE + ")(?:,.*)?)",
            Pattern.DOTALL);

    static ClientFirst parse(Payload message) {
        String text = text(message);
        if (text.startsWith("p=")) {
            throw new MalformedScramException("channel binding is not offered");
        }
        Matcher matcher = MESSAGE.matcher(text);
        if (!matcher.matches()) { // also with m=, an extension that has to be understood
            throw new MalformedScramException("malformed client-first message");
        }
        String as = matcher.group("as");
        return new ClientFirst(
                matcher.group("header"),
                as == null ? null : unescaped(as),
                matcher.group("bare"),
                unescaped(matcher.group("user")),
                matcher.group("nonce"));
    }

    /** Whether this client may act as whom it wants to: only as itself. */
    boolean mayActAs(String user) {
        return actAs == null || Users.isSame(actAs, user);
    }

    /** The text of a client's message. */
    static String text(Payload message) {
        if (message.length() > LONGEST) {
            throw new MalformedScramException("a message of " + message.length() + " bytes");
        }
        String text = Prepared.strict(message.shared())
                .orElseThrow(() -> new MalformedScramException("a message that is no UTF-8"));
        if (text.indexOf(0) >= 0) {
            throw new MalformedScramException("a message with NUL");
        }
        return text;
    }

    private static String unescaped(String name) {
        if (name.replace("=2C", " ").replace("=3D", " ").indexOf('=') >= 0) {
            throw new MalformedScramException("malformed name");
        }
        return name.replace("=2C", ",").replace("=3D", "=");
    }
}
