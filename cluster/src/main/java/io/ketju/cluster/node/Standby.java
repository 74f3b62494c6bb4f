package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.RunSight;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Watches a run from a node that stands by, until the run is its own, or needs nobody any more. */
public final class Standby {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /** Workers notice a lost coordinator as soon as their cluster does; letting go takes moments. */
    private static final Duration FREE_PATIENCE = Duration.ofSeconds(20);

    /** What came of it. */
    public sealed interface Outcome {}

    /**
     * The run is this node's: its folder is held, and as far as can be told workers have let go of it.
     *
     * @param held the run's folder, which belongs to whoever takes the run over, or is released by them
     * @param line what happened, for people
     */
    public record Taken(RunDirectory held, String line) implements Outcome {}

    /**
     * The run has ended.
     *
     * @param end how it has ended
     */
    public record Over(DriverNote.End end) implements Outcome {}

    /** Somebody stopped the watch. */
    public record Stopped() implements Outcome {}

    /** The node is in no cluster any more. */
    public record CutOff() implements Outcome {}

    private final StandbyNode node;
    private final Path run;
    private final Consumer<String> lines;
    private final StandbyRules rules = new StandbyRules();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private String said = "";

    /**
     * Watches for a run in a folder; nothing happens before {@link #await}.
     *
     * @param node that stands by; stays its owner's to close
     * @param run the folder of the run
     * @param lines told in a few words what is there, whenever that is something else
     */
    public Standby(StandbyNode node, Path run, Consumer<String> lines) {
        this.node = node;
        this.run = run;
        this.lines = lines;
    }

    /** Ends the watch. Any thread may call it. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * Watches, with a look five times a second, and waits until something has come of it. An interrupt counts as {@link #stop}.
     *
     * @return what came of it
     * @throws io.ketju.actors.job.InvalidJobException with one line if the folder cannot be looked at
     */
    public Outcome await() {
        while (true) {
            if (node.ended()) {
                return new CutOff();
            }
            switch (verdict()) {
                case StandbyRules.Watch watch -> say(watch.what());
                case StandbyRules.Over over -> {
                    return new Over(over.end());
                }
                case StandbyRules.TakeOver lost -> {
                    Optional<RunDirectory> held = take(lost.seen());
                    if (held.isPresent()) {
                        freeWorkers(lost.seen());
                        return new Taken(held.get(), line(lost));
                    }
                }
            }
            if (sleep()) {
                return new Stopped();
            }
        }
    }

    private StandbyRules.Verdict verdict() {
        Optional<KeptCopy.View> kept = node.copy().view();
        if (kept.isPresent()) {
            return CopyRules.on(look(kept.get()));
        }
        if (RunCopy.is(run)) {
            return new StandbyRules.Watch("no driver has told of it yet; a copy of the run, of before, is here");
        }
        return rules.on(look());
    }

    private CopyRules.Look look(KeptCopy.View kept) {
        String driver = kept.driver();
        return new CopyRules.Look(
                kept.start(),
                driver,
                node.sees(driver) || !node.isUp(),
                kept.begun(),
                kept.whole(),
                kept.end(),
                node.before(driver, kept.copying()));
    }

    private Optional<RunDirectory> take(RunSight seen) {
        return node.copy().view().isPresent() ? Optional.of(node.copy().takeOver()) : RunDirectory.takeOver(run, seen);
    }

    private StandbyRules.Look look() {
        Optional<RunSight> sight = RunSight.of(run);
        String driver = sight.flatMap(RunSight::address).orElse("");
        return new StandbyRules.Look(System.nanoTime(), sight, node.sees(driver), node.older(driver));
    }

    private void say(String what) {
        if (!what.equals(said)) {
            said = what;
            lines.accept(what);
        }
    }

    private static String line(StandbyRules.TakeOver lost) {
        return "its driver"
                + lost.seen().address().map(address -> " at " + address).orElse("") + " " + lost.why();
    }

    /** A process that is gone need not be missed by the cluster first: its workers let go as soon as it is no member. */
    private void freeWorkers(RunSight seen) {
        if (seen.address().isEmpty()) {
            return;
        }
        String driver = seen.address().get();
        if (!seen.held()) {
            node.remove(driver);
        }
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < FREE_PATIENCE.toNanos() && node.holdsStages(driver) && !sleep()) {
            // They are about to.
        }
    }

    /** Returns whether the watch is to end. */
    private boolean sleep() {
        try {
            return stopped.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
