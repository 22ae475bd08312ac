package io.redshank.messages;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePublished;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A published message on its way into Redis. */
final class Publish {
    private final MessagePublished event;
    private final TopicPlan plan;
    private final Promise<MessageId> done = Promise.promise();
    private Message message;
    private boolean mayBeStored;
    private int stage;
    private @Nullable MessageId previous;
    private @Nullable Future<Void> commandsRun;

    Publish(MessagePublished event, TopicPlan plan) {
        this.event = event;
        this.plan = plan;
        this.message = event.message();
        this.mayBeStored = event.resent();
    }

    Message message() {
        return message;
    }

    MessagePublished event() {
        return event;
    }

    TopicPlan plan() {
        return plan;
    }

    Promise<MessageId> done() {
        return done;
    }

    /** What is to be done now; null when all is done. */
    TopicPlan.@Nullable Stage stage() {
        return stage < plan.stages().size() ? plan.stages().get(stage) : null;
    }

    /** Whether this is the pool whose log gives the message its place. */
    boolean isFirstStage() {
        return stage == 0;
    }

    void stageDone() {
        stage++;
    }

    /** Whether an earlier attempt may have stored it under its present id, which then has to stay. */
    boolean mayBeStored() {
        return mayBeStored;
    }

    void attempted() {
        mayBeStored = true;
    }

    /** Gives it another id, because its own is not above the log's last; only before it is stored anywhere. */
    void rename(MessageId id) {
        message = message.withId(id);
        mayBeStored = false;
    }

    /** The id before it in the log. */
    @Nullable
    MessageId previous() {
        return previous;
    }

    void follows(@Nullable MessageId id) {
        previous = id;
    }

    /** Commands run for it, which its answer waits for. */
    void awaits(Future<Void> commands) {
        commandsRun = commandsRun == null
                ? commands
                : Future.join(commandsRun, commands).mapEmpty();
    }

    /** The end of all commands run for it; null if none are. */
    @Nullable
    Future<Void> commandsRun() {
        return commandsRun;
    }

    void refuse(EventFailure failure, String why) {
        done.tryFail(new EventFailedException(failure, why));
    }
}
