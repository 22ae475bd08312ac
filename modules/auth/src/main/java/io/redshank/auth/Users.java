package io.redshank.auth;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.common.ScramFunctions;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All who may log in, by name; names that SASLprep makes the same are the same. Also has a secret for names that are nobody's, so
 * that from outside they look like the others: always the same salt for a name, and the same work. Immutable.
 */
public final class Users {
    /** The longest name of a user, in characters; longer ones are nobody's. */
    public static final int LONGEST_NAME = 256;

    private final Map<String, User> byName = new HashMap<>();
    /** What unknown names must look like: there is one secret whose form is that of all others, as a rule. */
    private final @Nullable User first;
    /** Nobody outside knows it, and every node with the same users has the same one. */
    private final byte[] standInKey;

    private Users(List<User> users) {
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        for (User user : users) {
            byName.put(Prepared.text(user.name()), user);
            keys.writeBytes(user.secret().serverKey());
        }
        first = users.isEmpty() ? null : users.get(0);
        standInKey = ScramFunctions.hash(SCRAM_SHA_256, keys.toByteArray());
    }

    /** These, of whom no two are the same. */
    public static Users of(List<User> users) {
        Users all = new Users(users);
        if (all.byName.size() != users.size()) {
            throw new IllegalArgumentException("two users of one name");
        }
        return all;
    }

    /** Whether two names are those of one user. */
    public static boolean isSame(String name, String other) {
        return Prepared.text(name).equals(Prepared.text(other));
    }

    /** Nobody. */
    public static Users none() {
        return new Users(List.of());
    }

    /** How many. */
    public int count() {
        return byName.size();
    }

    /** The user of this name. */
    @Nullable
    User find(String name) {
        return name.length() > LONGEST_NAME ? null : byName.get(Prepared.text(name));
    }

    /** A secret for a name that is nobody's; there is no password to it. */
    ScramSecret standIn(String name) {
        int iterations =
                first == null ? ScramSecret.LEAST_ITERATIONS : first.secret().iterations();
        int saltBytes = first == null ? ScramSecret.SALT_BYTES : first.secret().salt().length;
        String prepared = name.length() > LONGEST_NAME ? name : Prepared.text(name);
        return new ScramSecret(
                iterations,
                derived(prepared, "salt", saltBytes),
                derived(prepared, "StoredKey", ScramSecret.KEY_BYTES),
                derived(prepared, "ServerKey", ScramSecret.KEY_BYTES));
    }

    private byte[] derived(String name, String what, int length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int block = 0; bytes.size() < length; block++) {
            String of = what + block + " of " + name;
            bytes.writeBytes(ScramFunctions.hmac(SCRAM_SHA_256, standInKey, of.getBytes(UTF_8)));
        }
        return Arrays.copyOf(bytes.toByteArray(), length);
    }
}
