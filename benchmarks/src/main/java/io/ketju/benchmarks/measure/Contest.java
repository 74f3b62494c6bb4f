package io.ketju.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Contestants that take turns within one process, so that a change of the machine's load meets all of them. Each round
 * starts with another one, because the first may find a cooler or a busier processor.
 */
public final class Contest {
    /** Long enough for the spinning threads of the contestant before to go to sleep. */
    private static final Duration REST = Duration.ofMillis(40);

    /** A turn that much faster than all before it says that the compiler is not done. */
    private static final double STILL_WARMING = 1.05;

    /** The most time before anything counts, as a multiple of the least. */
    private static final int MOST_WARMTH = 10;

    /** What each contestant reached, in the order of the contestants. */
    public record Results(SequencedMap<String, Samples> byName) {
        /** The samples of one contestant, which must exist. */
        public Samples of(String name) {
            return Objects.requireNonNull(byName.get(name), name);
        }
    }

    private final SequencedMap<String, Turn> contestants = new LinkedHashMap<>();

    /** One more contestant. */
    public Contest with(String name, Turn turn) {
        if (contestants.putIfAbsent(name, turn) != null) {
            throw new IllegalArgumentException("two contestants are called " + name);
        }
        return this;
    }

    /** Lets everyone warm up, one after the other, then runs the rounds. */
    public Results run(Effort effort) throws Exception {
        for (Turn turn : contestants.values()) {
            warm(turn, effort);
        }
        List<String> names = List.copyOf(contestants.keySet());
        SequencedMap<String, List<Double>> rates = new LinkedHashMap<>();
        names.forEach(name -> rates.put(name, new ArrayList<>()));
        for (int round = 0; round < effort.rounds(); round++) {
            for (int i = 0; i < names.size(); i++) {
                String name = names.get((round + i) % names.size());
                Thread.sleep(REST);
                double rate = Objects.requireNonNull(contestants.get(name)).run();
                Objects.requireNonNull(rates.get(name)).add(rate);
            }
        }
        SequencedMap<String, Samples> results = new LinkedHashMap<>();
        rates.forEach((name, values) -> results.put(name, new Samples(values)));
        return new Results(results);
    }

    /**
     * One turn at least, and on until they have not become faster for the given time: a training job's last loops are
     * compiled after many seconds, and the first turn that is no faster than the one before says nothing.
     */
    private static void warm(Turn turn, Effort effort) throws Exception {
        // By the wall clock: this process's processor time stands still while a peer in another one works.
        long begin = System.nanoTime();
        long least = effort.warm().toNanos();
        long faster = begin;
        double best = 0;
        do {
            double rate = turn.run();
            if (rate > best * STILL_WARMING) {
                faster = System.nanoTime();
            }
            best = Math.max(best, rate);
        } while (System.nanoTime() - faster < least && System.nanoTime() - begin < least * MOST_WARMTH);
    }
}
