package io.ketju.actors.copy;

import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceSender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Sends a worker's copies to where they are wanted, one at a time: those of its stages to a neighbour as they are taken, and what it has
 * on its shelf to a run that begins again. Keeps the shelf of the last stages that the worker held, until it is given others or for
 * {@link #KEPT}. On a dispatcher that may block.
 */
public final class CopyKeeper extends AbstractMatchingBehavior<CopyKeeper.Command> {
    /** How long a run that begins again may take to ask; then nobody will. */
    static final Duration KEPT = Duration.ofMinutes(1);

    /** What a keeper understands. */
    public sealed interface Command {}

    /**
     * Send a whole copy; if its way breaks, so has more than this copy, and others tell of it.
     *
     * @param copy stays its shelf's, and no other is begun in its place until it has left
     * @param way stays the sender's of this message
     */
    public record Send(CopyBuffer copy, PieceLink way) implements Command {}

    /**
     * The stages are gone, their copies stay.
     *
     * @param shelf the keeper's from now on, who closes it
     */
    public record Keep(CopyShelf shelf) implements Command {}

    /** The worker is given other stages: nobody needs what is kept. */
    public record Forget() implements Command {}

    /**
     * Send those of these copies that are here, each by a way of its own.
     *
     * @param copies that are wanted
     * @param ways opens that of a stage, by its number; the keeper closes it
     */
    public record SendKept(List<CopyId> copies, IntFunction<CompletableFuture<PieceLink>> ways) implements Command {
        /** Copies the list. */
        public SendKept {
            copies = List.copyOf(copies);
        }
    }

    private final PieceSender pieces;
    private final TimerScheduler<Command> timers;
    private @Nullable CopyShelf kept;

    /**
     * {@return a keeper that has nothing yet}
     *
     * @param pieces used by this keeper alone; stays the caller's
     */
    public static Behavior<Command> create(PieceSender pieces) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new CopyKeeper(context, timers, pieces)));
    }

    private CopyKeeper(ActorContext<Command> context, TimerScheduler<Command> timers, PieceSender pieces) {
        super(context);
        this.timers = timers;
        this.pieces = pieces;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Send send -> send(send.copy(), send.way());
            case Keep keep -> {
                forget();
                kept = keep.shelf();
                timers.startSingleTimer(new Forget(), KEPT);
            }
            case Forget forget -> forget();
            case SendKept wanted -> wanted.copies().forEach(id -> sendKept(id, wanted.ways()));
        }
        return this;
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            forget();
        }
        return this;
    }

    private void forget() {
        timers.cancelAll();
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    private boolean send(CopyBuffer copy, PieceLink way) {
        try {
            pieces.send(way, copy.id().step(), 0, copy::copyTo);
            return true;
        } catch (IOException e) {
            getContext().getLog().debug("{} was not sent: {}", copy.id(), e.getMessage());
            return false;
        }
    }

    /** Several workers may be asked for the same: the run takes one way for each stage, and refuses the others. */
    private void sendKept(CopyId id, IntFunction<CompletableFuture<PieceLink>> ways) {
        if (kept == null) {
            return;
        }
        kept.find(id).ifPresent(copy -> {
            try (PieceLink way = ways.apply(id.stage()).join()) {
                if (send(copy, way)) {
                    pieces.awaitSent(way);
                }
            } catch (CompletionException | IOException e) {
                getContext().getLog().debug("no way for {}: {}", id, e.getMessage());
            }
        });
    }
}
