package io.redshank.broker;

import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener of a node, the owner of what all instances of the broker share of it: the count of its connections and its
 * certificate. Each instance binds the same port.
 */
public final class Listener {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    private final ListenerOptions options;
    private final Admission admission;
    private final @Nullable TlsFiles files;
    private final AtomicReference<@Nullable SslContext> tls = new AtomicReference<>();
    private final Bursts refusals = new Bursts();
    private final Bursts failures = new Bursts();
    private final Bursts refusedConnects = new Bursts();
    private final Bursts unavailable = new Bursts();
    private List<String> filesSeen = List.of();

    private Listener(ListenerOptions options) {
        this.options = options;
        TlsOptions secure = options.transport().tls();
        this.files = secure == null ? null : new TlsFiles(secure);
        this.admission = new Admission(options.connections(), secure != null);
    }

    /** Reads the listener's certificate if it has one, which takes its time. */
    public static Listener of(ListenerOptions options) throws UnusableTlsException {
        Listener listener = new Listener(options);
        if (listener.files != null) {
            listener.load(listener.files);
        }
        return listener;
    }

    ListenerOptions options() {
        return options;
    }

    Admission admission() {
        return admission;
    }

    /** What new connections make their TLS handshake with. */
    SslContext tls() {
        SslContext context = tls.get();
        if (context == null) {
            throw new IllegalStateException("no TLS on " + this);
        }
        return context;
    }

    /**
     * Reads the files of its TLS again if they have changed. Files that cannot be used change nothing, and are reported once.
     * Reads files, so not for an event loop; never twice at a time.
     */
    void reload() {
        if (files == null || files.state().equals(filesSeen)) {
            return;
        }
        try {
            load(files);
        } catch (UnusableTlsException unusable) {
            log.warn(
                    "Certificate not reloaded, the one before stays in use; put files that fit together in their place"
                            + " [listener={}, cause={}]",
                    this,
                    unusable.getMessage());
        }
    }

    private void load(TlsFiles from) throws UnusableTlsException {
        boolean first = filesSeen.isEmpty();
        filesSeen = from.state(); // before reading: what changes meanwhile is seen the next time
        TlsFiles.Contents contents = from.read();
        tls.set(contents.context());
        if (!first) {
            log.info(
                    "Certificate reloaded [listener={}, subject={}, valid until={}]",
                    this,
                    contents.certificate().getSubjectX500Principal(),
                    contents.certificate().getNotAfter().toInstant());
        }
    }

    /** A connection is refused by the listener's limits. */
    void onRefused(Peer peer) {
        long times = refusals.happened();
        if (times > 0) {
            log.warn(
                    "Connections refused by a limit [listener={}, limit={}, last peer={}, since the last such line={}]",
                    this,
                    peer.refusal(),
                    peer,
                    times);
        }
    }

    /** A connection has failed before its CONNECT. */
    void onFailure(String what, Peer peer, Throwable cause) {
        onFailure(what, peer, String.valueOf(cause.getMessage()));
    }

    /** The same for a cause in words. */
    void onFailure(String what, Peer peer, String cause) {
        long times = failures.happened();
        if (times > 0) {
            log.warn(
                    "Connections fail before CONNECT [listener={}, last peer={}, at={}, cause={}, since the last such line={}]",
                    this,
                    peer,
                    what,
                    cause,
                    times);
        } else {
            log.debug("Connection failed [listener={}, peer={}, at={}, cause={}]", this, peer, what, cause);
        }
    }

    /**
     * A CONNECT is refused: for what it says, which a client with a wrong password may repeat for ever, or because we cannot serve it
     * now, which must not go under in those.
     */
    void onConnectRefused(Peer peer, Throwable cause) {
        boolean ours = !(cause instanceof RefusedConnectException refused)
                || refused.refusal() == RefusedConnectException.Refusal.UNAVAILABLE;
        long times = (ours ? unavailable : refusedConnects).happened();
        if (times > 0) {
            log.warn(
                    "CONNECT refused [peer={}, listener={}, since the last such line={}, cause={}]",
                    peer,
                    this,
                    times,
                    cause.getMessage());
        } else {
            log.debug("CONNECT refused [peer={}, listener={}, cause={}]", peer, this, cause.getMessage());
        }
    }

    /** Its address as a URI. */
    @Override
    public String toString() {
        String host = options.host();
        return options.transport().scheme() + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + options.port();
    }
}
