package io.redshank.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A Lua script, mostly on one key, called by its hash. A link loads its scripts at each connect, and again when Redis lost them. */
public final class Script {
    private final String name;
    private final String source;
    private final byte[] sha1;

    /** A script; the name is for messages only. */
    public Script(String name, String source) {
        this.name = name;
        this.source = source;
        this.sha1 = sha1(source).getBytes(US_ASCII);
    }

    /** The script in a file that lies beside this class. */
    public static Script ofResource(Class<?> beside, String file) {
        try (InputStream in = beside.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no script " + file + " beside " + beside.getName());
            }
            return new Script(file, new String(in.readAllBytes(), UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("script " + file + " is not readable", unreadable);
        }
    }

    /** A call of this script. Arguments are strings, byte arrays or numbers. */
    public Request call(String key, Object... args) {
        Request call = Request.cmd(Command.EVALSHA).arg(sha1).arg(1).arg(key);
        for (Object arg : args) {
            // Not arg(long): it writes some numbers from 10^15 on with a NUL in front.
            call = call.arg(arg instanceof byte[] bytes ? bytes : arg.toString().getBytes(UTF_8));
        }
        return call;
    }

    /** A call of a script on several keys. */
    public Request callOn(List<String> keys, Object... args) {
        Request call = Request.cmd(Command.EVALSHA).arg(sha1).arg(keys.size());
        for (String key : keys) {
            call = call.arg(key);
        }
        for (Object arg : args) {
            call = call.arg(arg.toString().getBytes(UTF_8));
        }
        return call;
    }

    Request load() {
        return Request.cmd(Command.SCRIPT).arg("LOAD").arg(source);
    }

    private static String sha1(String source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
