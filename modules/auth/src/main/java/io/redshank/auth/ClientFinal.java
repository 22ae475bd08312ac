package io.redshank.auth;

import io.redshank.model.Payload;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last message of a SCRAM client (RFC 5802, section 7), for which the library has no reader.
 *
 * @param channelBinding what the client says again of channel binding, in base64
 * @param withoutProof all before the proof, as the client wrote it
 * @param proof of 32 bytes, which nobody changes
 */
@SuppressWarnings("ArrayRecordComponent") // short-lived, and never compared
record ClientFinal(String channelBinding, String nonce, String withoutProof, byte[] proof) {
    private static final Pattern MESSAGE = Pattern.compile(
            "(?<rest>c=(?<binding>[A-Za-z0-9+/=]+),r=(?<nonce>" + ClientFirst.NONCE + ")(?:,.*)?),p=(?<proof>[^,]{44})",
            Pattern.DOTALL);

    static ClientFinal parse(Payload message) {
        Matcher matcher = MESSAGE.matcher(ClientFirst.text(message));
        if (!matcher.matches()) {
            throw new MalformedScramException("malformed client-final message");
        }
        return new ClientFinal(
                matcher.group("binding"), matcher.group("nonce"), matcher.group("rest"), bytes(matcher.group("proof")));
    }

    private static byte[] bytes(String base64) {
        byte[] proof;
        try {
            proof = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            throw new MalformedScramException("a proof that is no base64");
        }
        if (proof.length != ScramSecret.KEY_BYTES) {
            throw new MalformedScramException("a proof of " + proof.length + " bytes");
        }
        return proof;
    }
}
