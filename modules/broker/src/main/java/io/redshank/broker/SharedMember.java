package io.redshank.broker;

import io.redshank.events.Instance;
import io.redshank.events.ShareJoined;
import io.redshank.model.ClientId;
import io.redshank.model.Qos;

/** One member of a shared subscription, as its owner knows it. Confined to the owner's event loop. */
final class SharedMember {
    private ShareJoined joined;
    private int inFlight;
    private long passedOverUntil;
    private boolean passedOver;

    SharedMember(ShareJoined joined) {
        this.joined = joined;
    }

    /** It says something else now, on the same connection. */
    void say(ShareJoined now) {
        joined = now;
    }

    ClientId client() {
        return joined.client();
    }

    long epoch() {
        return joined.epoch();
    }

    /** The broker instance that serves the client. */
    Instance instance() {
        return joined.instance();
    }

    /** Whether it has to acknowledge a message of this quality. */
    boolean acknowledges(Qos qos) {
        return qos.atMost(joined.qos()).isAcknowledged();
    }

    /** How many messages were assigned to it that it has to acknowledge, and has not; known only if that is told. */
    int inFlight() {
        return inFlight;
    }

    /** Whether its session outlives the connection. */
    boolean persists() {
        return joined.persists();
    }

    /** A message of this quality goes to it. */
    void assigned(Qos qos) {
        if (acknowledges(qos)) {
            inFlight++;
        }
    }

    /** It is done with a message, or could not take it. */
    void settled() {
        inFlight = Math.max(0, inFlight - 1);
    }

    /** Nothing of what it has counts. */
    void beginAnew() {
        inFlight = 0;
    }

    /** It had no room: others come first until then, in nanoseconds of this machine's clock. */
    void passOverUntil(long nanos) {
        passedOver = true;
        passedOverUntil = nanos;
    }

    boolean isPassedOver(long nanos) {
        passedOver = passedOver && passedOverUntil - nanos > 0;
        return passedOver;
    }
}
