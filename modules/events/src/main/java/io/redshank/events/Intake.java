package io.redshank.events;

import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of one {@link RemoteLane}: which batch is to be done next, which one is missing, and the answers of those
 * that may come again because their answer got lost. Confined to the receiver's context.
 */
final class Intake {
    private static final DeliveryOptions ANSWER = new DeliveryOptions().setCodecName(Answers.CODEC.name());
    private static final int NOT_IN_TURN = 1;

    /** A batch that was let in: who waits for its answer, and the answer once there is one. */
    private static final class Open {
        Message<Batch> message;

        @Nullable
        Answers answers;

        Open(Message<Batch> message) {
            this.message = message;
        }
    }

    private final Ticket origin;
    private final Map<Long, Open> open = new HashMap<>();
    private long next = -1;

    Intake(Ticket first) {
        this.origin = first;
    }

    /** Whether the lane's sender is on this run of this node. */
    boolean comesFrom(Member member) {
        return origin.node().equals(member.node()) && origin.incarnation() == member.incarnation();
    }

    /** Whether this batch is to be done now; if not, its sender knows by the answer, or will. */
    boolean letsIn(Ticket ticket, Message<Batch> message) {
        if (next < 0) {
            next = ticket.oldest(); // what was before, another run of this inbox has answered
        }
        open.keySet().removeIf(number -> number < ticket.oldest());
        if (ticket.number() == next) {
            next++;
            open.put(ticket.number(), new Open(message));
            return true;
        }
        Open again = ticket.number() < next ? open.get(ticket.number()) : null;
        if (again == null) {
            message.fail(NOT_IN_TURN, "batch " + next + " is next");
        } else if (again.answers != null) {
            message.reply(again.answers, ANSWER);
        } else {
            again.message = message;
        }
        return false;
    }

    /** All that a batch asks for is done. */
    void answer(Ticket ticket, Answers answers) {
        Open done = open.get(ticket.number());
        if (done != null) {
            done.answers = answers;
            done.message.reply(answers, ANSWER);
        }
    }
}
