package io.redshank.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All sessions and those who publish to them. Lets no more sessions connect than the pace allows. Confined to the loop, its
 * constructor apart.
 */
final class DrainCrowd {
    private final SelectorLoop loop;
    private final InetSocketAddress broker;
    private final DrainPlan plan;
    private final DrainPace pace;
    private final int tag;
    private final List<DrainSession> sessions = new ArrayList<>();
    private final DrainTally tally = new DrainTally();
    private long lastProgressNanos = System.nanoTime();

    /** Fields of the phase that goes on. */
    private DrainPhase phase = DrainPhase.SUBSCRIBE;

    private CompletableFuture<Void> done = new CompletableFuture<>();
    private CompletableFuture<Void> dismissed = new CompletableFuture<>();
    private int begun;
    private int through;
    private int opening;
    private int open;

    DrainCrowd(SelectorLoop loop, InetSocketAddress broker, DrainPlan plan, DrainPace pace, int tag) {
        this.loop = loop;
        this.broker = broker;
        this.plan = plan;
        this.pace = pace;
        this.tag = tag;
        for (int i = 0; i < plan.sessions(); i++) {
            sessions.add(new DrainSession(this, plan, i));
        }
    }

    /** Begins a phase; done when every session is through with it. */
    CompletableFuture<Void> start(DrainPhase wanted) {
        phase = wanted;
        done = new CompletableFuture<>();
        begun = 0;
        through = 0;
        admit();
        return done;
    }

    /** Publishes the backlog; done when all of it is acknowledged. */
    CompletableFuture<Void> publish() {
        List<CompletableFuture<Void>> published = new ArrayList<>();
        for (int i = 0; i < plan.publishers(); i++) {
            List<DrainSession> share = new ArrayList<>();
            for (int session = i; session < sessions.size(); session += plan.publishers()) {
                share.add(sessions.get(session));
            }
            published.add(publish("p" + i, share));
        }
        return CompletableFuture.allOf(published.toArray(CompletableFuture<?>[]::new));
    }

    /** Has all leave who still are connected; done when they have. */
    CompletableFuture<Void> dismiss() {
        dismissed = new CompletableFuture<>();
        sessions.forEach(DrainSession::leave);
        completeIfEmpty();
        return dismissed;
    }

    /** What came of it so far. */
    DrainTally result() {
        tally.lost = 0;
        tally.duplicated = 0;
        tally.misordered = 0;
        sessions.forEach(session -> session.addTo(tally));
        return tally;
    }

    /** How far the phase has come, in words. */
    String state() {
        return through + " of " + plan.sessions() + " sessions through, " + opening + " wait to be let in, " + open
                + " connections open";
    }

    long lastProgressNanos() {
        return lastProgressNanos;
    }

    /** A client's connection, its client id unique to the run. */
    MqttLink link(String name, PacketListener listener, int capacity) {
        return new MqttLink(loop, String.format("rb%08x%s", tag, name), listener, capacity);
    }

    int tag() {
        return tag;
    }

    DrainTally tally() {
        return tally;
    }

    void progressed(long nanos) {
        lastProgressNanos = nanos;
    }

    /** The broker has answered a session that came back. */
    void onResumed(boolean resumed) {
        tally.forgotten += resumed ? 0 : 1;
        opening--;
        progressed(System.nanoTime());
        admit();
    }

    void onDelivered(long nanos) {
        tally.delivered++;
        progressed(nanos);
    }

    /** A session has had its backlog, so many nanoseconds after it began to connect. */
    void onDrained(DrainSession session, long nanos) {
        tally.drained++;
        tally.time.record(nanos);
        if (plan.sessions() > pace.open()) {
            session.leave();
        }
        onThrough();
    }

    /** A session has left. */
    void onClosed(DrainPhase of) {
        open--;
        progressed(System.nanoTime());
        if (of != DrainPhase.DRAIN) {
            opening--;
            onThrough();
        }
        admit();
        completeIfEmpty();
    }

    private void admit() {
        while (begun < sessions.size() && opening < pace.atOnce() && open < pace.open()) {
            DrainSession next = sessions.get(begun++);
            opening++;
            open++;
            try {
                next.begin(phase, broker);
            } catch (IOException e) {
                throw OpenFiles.explain(next.toString(), open, e);
            }
        }
    }

    private void onThrough() {
        if (++through == sessions.size()) {
            done.complete(null);
        }
    }

    private void completeIfEmpty() {
        if (open == 0) {
            dismissed.complete(null);
        }
    }

    private CompletableFuture<Void> publish(String name, List<DrainSession> share) {
        BacklogPublisher publisher = new BacklogPublisher(this, plan, name, share);
        try {
            return publisher.publish(broker);
        } catch (IOException e) {
            throw OpenFiles.explain(name, open, e);
        }
    }
}
