package io.ketju.pipeline.catalogue;

import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/** The training schedules, by the name that job files and the command line use. One line each. */
public final class Schedules {
    /** All of them, in the order of the page: with a flush, without, and those that are given or chosen. */
    public static final Registry<Schedule> REGISTRY = new Registry<>(
            "schedule",
            List.of(
                    GPipe.ENTRY,
                    OneForwardOneBackward.ENTRY,
                    Eager1F1B.ENTRY,
                    Interleaved1F1B.ENTRY,
                    LoopedBFS.ENTRY,
                    ZB1P.ENTRY,
                    ZB2P.ENTRY,
                    InterleavedZB.ENTRY,
                    ZBV.ENTRY,
                    VHalf.ENTRY,
                    VMin.ENTRY,
                    DualPipeV.ENTRY,
                    PipeDream.ENTRY,
                    PipeDream2BW.ENTRY,
                    WeightPrediction.ENTRY,
                    PipeMare.ENTRY,
                    NoStash.ENTRY,
                    Table.FILE,
                    Table.ENTRY,
                    Auto.ENTRY));

    /** How many of them have a flush: the first. */
    private static final int FLUSHING = 12;

    /** How many have none: those behind them. */
    private static final int OVERLAPPING = 5;

    /** What the command lists and the page shows. */
    public static final Catalogue CATALOGUE = new Catalogue(
            "schedules",
            "schedule",
            "Schedules",
            "What a job's `schedule` and Java's `Schedules.parse` take: in which order every rank runs the forwards and backwards"
                    + " of its stages. All but those without a flush give the same bits. p is the number of ranks, m that of micro-batches; F, B, I and W"
                    + " are the times of a forward, a whole backward, and its halves for the input and for the weights, of all"
                    + " stages of a rank. Idle is what a rank waits in a step, in flight the micro-batches whose activations it"
                    + " holds at most. A job's `stages` counts parts of the model: with two on each rank, 8 stages are 4 ranks."
                    + " A mini-batch of fewer micro-batches runs the same plan without the others, so any number is legal.",
            List.of(
                    new Catalogue.Section("With a flush", descriptions(0, FLUSHING), Synchronous.TEXT),
                    new Catalogue.Section(
                            "Without a flush", descriptions(FLUSHING, FLUSHING + OVERLAPPING), Asynchronous.TEXT),
                    new Catalogue.Section(
                            "Your own, or whatever is best",
                            descriptions(
                                    FLUSHING + OVERLAPPING,
                                    REGISTRY.descriptions().size()))),
            SchedulePicture::of);

    /** Chunks of those in {@link #placing}. */
    private static final int MOST_CHUNKS = 4;

    private Schedules() {}

    private static List<Description> descriptions(int from, int to) {
        return REGISTRY.descriptions().subList(from, to);
    }

    /**
     * {@return the schedule of a text} Reads no file: {@code file(...)} is refused.
     *
     * @param text such as {@code Interleaved1F1B(chunks=2)}, its name in upper or lower case
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Schedule parse(String text) {
        return REGISTRY.parse(spec(text).toString());
    }

    /**
     * {@return the schedule of a text, which may name a file}
     *
     * @param text as above, or {@code file("my-schedule.txt")}
     * @param files what is in the file of a path; throws {@link IllegalArgumentException} if there is none
     * @throws IllegalArgumentException saying what is wrong, with the path where it is in the file
     */
    public static Schedule parse(String text, UnaryOperator<String> files) {
        Spec spec = spec(text);
        if (!spec.name().equals(Table.FILE.description().name())) {
            return REGISTRY.parse(spec.toString());
        }
        Arguments arguments = Arguments.of(spec, Table.FILE.description());
        String path = arguments.quoted("path");
        String content = files.apply(path);
        try {
            return Table.of(arguments, content);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@return all that can place so many stages, those that take chunks with each number of them up to 4; for comparing}
     *
     * @param stages at least 1
     */
    public static List<Schedule> placing(int stages) {
        List<Schedule> schedules = new ArrayList<>(
                List.of(new GPipe(), new OneForwardOneBackward(), new Eager1F1B(2), new ZB1P(), new ZB2P()));
        for (int chunks = 1; chunks <= MOST_CHUNKS; chunks++) {
            if (stages % chunks == 0) {
                schedules.add(new Interleaved1F1B(chunks));
                schedules.add(new LoopedBFS(chunks));
                schedules.add(new InterleavedZB(chunks));
            }
        }
        if (stages % 2 == 0) {
            schedules.addAll(List.of(new ZBV(), new VHalf(), new VMin(), new DualPipeV()));
        }
        return List.copyOf(schedules);
    }

    /** {@return all whose windows overlap; each places a stage on every rank} */
    public static List<Schedule> overlapping() {
        return List.of(
                new PipeDream(false),
                new PipeDream(true),
                new PipeDream2BW(),
                new WeightPrediction(),
                new PipeMare(),
                new NoStash());
    }

    /**
     * {@return what reads back to a schedule with the same plan: its spec, or the plan itself as a table}
     *
     * @param schedule with a spec or without
     * @param plan that it gives
     */
    public static String text(Schedule schedule, SchedulePlan plan) {
        Spec spec = schedule.spec().or(() -> new Table(plan).spec()).orElseThrow();
        return Listed.text(spec);
    }

    private static Spec spec(String text) {
        Spec spec = Spec.parse(text);
        SortedSet<String> names = REGISTRY.names();
        String name = names.stream()
                .filter(known -> known.equalsIgnoreCase(spec.name()))
                .findFirst()
                .orElse(spec.name());
        return new Spec(name, spec.positional(), spec.named());
    }
}
