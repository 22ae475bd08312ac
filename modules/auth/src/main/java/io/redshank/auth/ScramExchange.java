package io.redshank.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redshank.auth.RefusedLoginException.Reason;
import io.redshank.model.Payload;
import io.vertx.core.Future;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One run of SCRAM: client-first, server-first, client-final, server-final. An unknown user is told apart only at the end, where
 * its proof fails like a wrong one.
 */
final class ScramExchange implements Exchange {
    private final Users users;
    private final String serverNonce;
    private @Nullable Challenge challenge;
    private boolean asked;
    private boolean over;

    /** What the client has to prove, and with what. */
    private record Challenge(ClientFirst first, @Nullable User user, ScramSecret secret, String nonce, String text) {}

    ScramExchange(Users users, String serverNonce) {
        this.users = users;
        this.serverNonce = serverNonce;
    }

    @Override
    public Future<Step> next(Payload fromClient) {
        try {
            return Future.succeededFuture(answer(fromClient));
        } catch (MalformedScramException malformed) {
            over = true;
            return Future.failedFuture(refused(malformed.getMessage()));
        } catch (RefusedLoginException refused) {
            over = true;
            return Future.failedFuture(refused);
        }
    }

    private Step answer(Payload fromClient) {
        if (over) {
            throw refused("a message too many");
        }
        Challenge given = challenge;
        if (given != null) {
            return verify(given, fromClient);
        }
        if (fromClient.isEmpty() && !asked) { // the client wants to be asked for its first message
            asked = true;
            return new Step(Payload.EMPTY, null);
        }
        return challenge(fromClient);
    }

    private Step challenge(Payload fromClient) {
        ClientFirst first = ClientFirst.parse(fromClient);
        User user = users.find(first.username());
        ScramSecret secret = user == null ? users.standIn(first.username()) : user.secret();
        String nonce = first.nonce() + serverNonce;
        String text =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(secret.salt()) + ",i=" + secret.iterations();
        challenge = new Challenge(first, user, secret, nonce, text);
        return new Step(data(text), null);
    }

    private Step verify(Challenge challenge, Payload fromClient) {
        over = true;
        ClientFinal last = ClientFinal.parse(fromClient);
        if (!last.channelBinding().equals(base64(challenge.first().gs2Header()))) {
            throw refused("another channel binding than at first");
        }
        if (!last.nonce().equals(challenge.nonce())) { // what was recorded elsewhere has another nonce
            throw refused("another nonce");
        }
        String authMessage = challenge.first().bare() + "," + challenge.text() + "," + last.withoutProof();
        boolean proved = challenge.secret().isProvedBy(last.proof(), authMessage);
        User user = challenge.user();
        if (user == null || !proved) {
            throw refused(user == null ? "no such user" : "wrong proof");
        }
        if (!challenge.first().mayActAs(user.name())) {
            throw refused("wants to act as somebody else");
        }
        String signature =
                "v=" + Base64.getEncoder().encodeToString(challenge.secret().signatureOf(authMessage));
        return new Step(data(signature), user.name());
    }

    private RefusedLoginException refused(@Nullable String why) {
        Challenge given = challenge;
        return new RefusedLoginException(
                Reason.NOT_PROVED, given == null ? null : given.first().username(), "SCRAM: " + why);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static Payload data(String text) {
        return Payload.of(text.getBytes(UTF_8));
    }
}
