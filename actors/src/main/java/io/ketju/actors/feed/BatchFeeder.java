package io.ketju.actors.feed;

import io.ketju.actors.coordinator.PlannedWindow;
import io.ketju.actors.stage.StageLink;
import io.ketju.actors.worker.StageAddress;
import io.ketju.data.BadDataException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Sends each micro-batch's inputs to the first stage and its targets to the last, as far ahead as its buffers allow:
 * a buffer comes back when its stage is done with it, so a slow stage slows the feeder.
 */
public final class BatchFeeder extends AbstractMatchingBehavior<BatchFeeder.Command> {
    /** What a feeder understands. */
    public sealed interface Command {}

    /** Open the ways to the first and the last stage; {@code replyTo} hears of that, and of any failure later. */
    public record Connect(StageAddress first, StageAddress last, ActorRef<Report> replyTo) implements Command {}

    /** Send the samples of this window, after those of the windows before. */
    public record FeedWindow(PlannedWindow window) implements Command {}

    /** Close the links and stop. */
    public record Stop(ActorRef<Report> replyTo) implements Command {}

    /** What a feeder says. */
    public sealed interface Report {}

    /** The ways are open. */
    public record Connected() implements Report {}

    /**
     * The feeder cannot go on; one line says why.
     *
     * @param thrown what it caught: of a data set, or of a link
     */
    public record Failed(String cause, Optional<Throwable> thrown) implements Report {}

    /** Nothing is sent any more. */
    public record Stopped() implements Report {}

    private record LinksOpened(Links links, ActorRef<Report> replyTo) implements Command {}

    private record LinksFailed(Throwable cause, ActorRef<Report> replyTo) implements Command {}

    private record BufferFreed() implements Command {}

    /** The ways to the first stage (inputs) and to the last (targets). */
    public record Links(StageLink first, StageLink last) {
        void close() {
            first.close();
            last.close();
        }
    }

    private final MicrobatchQueue queue;
    private final BiFunction<StageAddress, StageAddress, CompletionStage<Links>> connector;
    private @Nullable Links links;
    private @Nullable ActorRef<Report> reports;

    /**
     * @param queue the run's samples; used by this actor alone until it has stopped
     * @param connector opens the links
     */
    public static Behavior<Command> create(
            MicrobatchQueue queue, BiFunction<StageAddress, StageAddress, CompletionStage<Links>> connector) {
        return Behaviors.setup(context -> new BatchFeeder(context, queue, connector));
    }

    private BatchFeeder(
            ActorContext<Command> context,
            MicrobatchQueue queue,
            BiFunction<StageAddress, StageAddress, CompletionStage<Links>> connector) {
        super(context);
        this.queue = queue;
        this.connector = connector;
        ActorRef<Command> self = context.getSelf();
        queue.onBufferFreed(() -> self.tell(new BufferFreed()));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Connect connect -> connect(connect);
            case LinksOpened opened -> {
                links = opened.links();
                reports = opened.replyTo();
                opened.replyTo().tell(new Connected());
            }
            case LinksFailed failed ->
                failed.replyTo()
                        .tell(new Failed(
                                "no way to the stages: " + failed.cause().getMessage(), Optional.of(failed.cause())));
            case FeedWindow feed -> {
                queue.add(feed.window());
                send();
            }
            case BufferFreed freed -> send();
            case Stop stop -> {
                if (links != null) {
                    links.close();
                }
                stop.replyTo().tell(new Stopped());
                return Behaviors.stopped();
            }
        }
        return this;
    }

    private void connect(Connect connect) {
        CompletionStage<Links> opening;
        try {
            opening = connector.apply(connect.first(), connect.last());
        } catch (RuntimeException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        getContext()
                .pipeToSelf(
                        opening,
                        (opened, failure) -> opened == null
                                ? new LinksFailed(rootCause(failure), connect.replyTo())
                                : new LinksOpened(opened, connect.replyTo()));
    }

    private void send() {
        Links open = links;
        if (open == null) {
            return;
        }
        try {
            queue.drain((key, lease) -> {
                switch (key.kind()) {
                    case INPUT -> open.first().send(key, lease);
                    case TARGET -> open.last().send(key, lease);
                    case ACTIVATION, GRADIENT -> throw new IllegalStateException("the feeder has no " + key);
                }
            });
        } catch (Throwable e) { // data sets are the user's: whatever they throw ends the run, and arrives there
            getContext().getLog().error("the feeder failed", e);
            open.close();
            links = null;
            if (reports != null) {
                String line = e instanceof BadDataException bad ? bad.getMessage() : e.toString();
                reports.tell(new Failed(String.valueOf(line), Optional.of(e)));
            }
        }
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
