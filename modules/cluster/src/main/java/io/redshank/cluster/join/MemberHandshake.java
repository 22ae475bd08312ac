package io.redshank.cluster.join;

import com.hazelcast.nio.MemberSocketInterceptor;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What two members say to each other before Hazelcast reads a byte: each proves that it knows the cluster's secret, for this
 * connection alone, and the one that was called answers only who has proved it. Also keeps clusters apart that have different
 * names, and tells when another secret is all that keeps this node out.
 *
 * <pre>{@code
 * caller                        called
 * magic, cluster, nonce C  ->
 *                          <-   magic, cluster, nonce S
 * mac("caller", C, S)      ->
 *                          <-   mac("called", C, S)
 * }</pre>
 */
final class MemberHandshake implements MemberSocketInterceptor {
    private static final byte[] MAGIC = "redshank member1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CALLER = "caller".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CALLED = "called".getBytes(StandardCharsets.US_ASCII);
    private static final String HASH = "HmacSHA256";
    private static final int HASH_LENGTH = 32;
    private static final int NAME_LENGTH = 8;
    private static final int NONCE_LENGTH = 32;
    private static final int HELLO_LENGTH = MAGIC.length + NAME_LENGTH + NONCE_LENGTH;
    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** Fewer than the threads that Hazelcast has for this, so that strangers who say nothing do not take all of them. */
    private static final int MOST_AT_ONCE = 8;

    private final byte[] key;
    private final byte[] cluster;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore underway = new Semaphore(MOST_AT_ONCE);
    private volatile @Nullable String refusedAt;

    MemberHandshake(ClusterKeys keys, String cluster) {
        this.key = keys.ofMembers();
        byte[] name = ClusterKeys.mac(HASH, MAGIC, cluster.getBytes(StandardCharsets.UTF_8));
        this.cluster = Arrays.copyOf(name, NAME_LENGTH);
    }

    /** A member of the cluster that did not believe this node, if there was one. */
    Optional<String> refusedAt() {
        return Optional.ofNullable(refusedAt);
    }

    @Override
    public void init(Properties unused) {
        // Everything is known from the start.
    }

    @Override
    public void onConnect(Socket socket) throws IOException {
        Timed peer = new Timed(socket);
        byte[] mine = hello();
        peer.write(mine);
        byte[] theirs = peer.readHello();
        checkCluster(theirs, socket);
        try {
            peer.write(proof(CALLER, mine, theirs));
            checkProof(peer.read(HASH_LENGTH), proof(CALLED, mine, theirs), socket);
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException refused) { // it belongs to the cluster, and closed the connection when it saw the proof
            refusedAt = socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
            throw new IOException("the member at " + refusedAt + " has another cluster.secret", refused);
        }
        peer.done();
    }

    @Override
    public void onAccept(Socket socket) throws IOException {
        if (!underway.tryAcquire()) {
            throw new IOException("too many connect to the cluster's port at once");
        }
        try {
            Timed peer = new Timed(socket);
            byte[] theirs = peer.readHello();
            byte[] mine = hello();
            peer.write(mine);
            checkCluster(theirs, socket);
            checkProof(peer.read(HASH_LENGTH), proof(CALLER, theirs, mine), socket);
            peer.write(proof(CALLED, theirs, mine));
            peer.done();
        } finally {
            underway.release();
        }
    }

    private byte[] hello() {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] hello = Arrays.copyOf(MAGIC, HELLO_LENGTH);
        System.arraycopy(cluster, 0, hello, MAGIC.length, NAME_LENGTH);
        System.arraycopy(nonce, 0, hello, MAGIC.length + NAME_LENGTH, NONCE_LENGTH);
        return hello;
    }

    private byte[] proof(byte[] role, byte[] caller, byte[] called) {
        return ClusterKeys.mac(HASH, key, role, caller, called);
    }

    private void checkCluster(byte[] hello, Socket socket) throws IOException {
        if (!Arrays.equals(hello, MAGIC.length, MAGIC.length + NAME_LENGTH, cluster, 0, NAME_LENGTH)) {
            throw new IOException("a member of another cluster at " + socket.getRemoteSocketAddress());
        }
    }

    private static void checkProof(byte[] given, byte[] right, Socket socket) throws IOException {
        if (!MessageDigest.isEqual(given, right)) {
            throw new IOException("wrong cluster.secret at " + socket.getRemoteSocketAddress());
        }
    }

    /** A socket that is read until a certain time, however slowly the other side writes. */
    private static final class Timed {
        private final Socket socket;
        private final long end = System.nanoTime() + WITHIN_NANOS;

        Timed(Socket socket) {
            this.socket = socket;
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes); // few enough for any socket's buffer
        }

        /** Gives up at the first byte that is none of ours: others may wait for an answer before they say more. */
        byte[] readHello() throws IOException {
            byte[] hello = new byte[HELLO_LENGTH];
            for (int i = 0; i < MAGIC.length; i++) {
                read(hello, i, 1);
                if (hello[i] != MAGIC[i]) {
                    throw new IOException("no member of a Redshank cluster at " + socket.getRemoteSocketAddress());
                }
            }
            read(hello, MAGIC.length, HELLO_LENGTH - MAGIC.length);
            return hello;
        }

        byte[] read(int length) throws IOException {
            byte[] bytes = new byte[length];
            read(bytes, 0, length);
            return bytes;
        }

        private void read(byte[] bytes, int from, int length) throws IOException {
            int have = 0;
            while (have < length) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new SocketTimeoutException("no answer from " + socket.getRemoteSocketAddress());
                }
                socket.setSoTimeout((int) left);
                int read = socket.getInputStream().read(bytes, from + have, length - have);
                if (read < 0) {
                    throw new EOFException("closed by " + socket.getRemoteSocketAddress());
                }
                have += read;
            }
        }

        void done() throws IOException {
            socket.setSoTimeout(0);
        }
    }
}
