package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Adds up, at one place, what the stages of a run make of their gradients before a step: the stages in their order, and what
 * each gives in its order. That is the order of the whole model's parameters, each of which counts where it is owned, so the
 * cut does not change the sum. Not thread-safe.
 */
public final class StepSums {
    /**
     * The sums of one window, for the stages that wait for them.
     *
     * @param window its number
     * @param stages that made sums, and wait
     * @param sums over the whole model: one double for each that is made of a parameter
     */
    public record Agreed(long window, Set<Integer> stages, List<Double> sums) {}

    private final int perParameter;
    /** Places among them of which the largest counts. */
    private final Set<Integer> largest;
    /** The stages that make sums, by objective. */
    private final List<Set<Integer>> summing;
    /** What is there of each window, by stage. */
    private final Map<Long, SortedMap<Integer, List<Double>>> open = new HashMap<>();
    /** Windows whose sums are agreed, as far back as one can come twice. */
    private final TreeSet<Long> agreed = new TreeSet<>();

    /**
     * All are added up.
     *
     * @param perParameter doubles that are made of each parameter's gradient
     * @param summing the stages that make sums, by objective; one entry where there are none
     */
    public StepSums(int perParameter, List<Set<Integer>> summing) {
        this(perParameter, Set.of(), summing);
    }

    /**
     * The same where some are not added up.
     *
     * @param perParameter doubles that are made of each parameter's gradient
     * @param largest those doubles of a parameter, from 0, of which the largest of all counts; none of them is below 0
     * @param summing the stages that make sums, by objective; one entry where there are none
     */
    public StepSums(int perParameter, Set<Integer> largest, List<Set<Integer>> summing) {
        this.perParameter = perParameter;
        this.largest = Set.copyOf(largest);
        this.summing = summing.stream().map(Set::copyOf).toList();
    }

    /**
     * {@return the place where the sums of a run come together}
     *
     * @param spec of the run
     */
    public static StepSums of(PipelineSpec spec) {
        int objectives = Math.max(1, spec.recipe().objectives().size());
        return new StepSums(
                spec.recipe().sums(),
                spec.recipe().largestSums(),
                IntStream.range(0, objectives).mapToObj(spec::summing).toList());
    }

    /**
     * Takes the sums of one stage, once. What no stage makes in such a window is dropped, and so is what comes twice.
     *
     * @param window its number
     * @param objective that the window is for; 0 where there are none
     * @param stage that made them
     * @param sums in the order of the stage's parameters, all of one before the next
     * @return those of the whole model, with the last that was missing
     */
    public Optional<Agreed> add(long window, int objective, int stage, List<Double> sums) {
        Set<Integer> stages = summing.get(objective);
        if (!stages.contains(stage) || agreed.contains(window)) {
            return Optional.empty();
        }
        SortedMap<Integer, List<Double>> ofWindow = open.computeIfAbsent(window, number -> new TreeMap<>());
        ofWindow.putIfAbsent(stage, sums);
        if (ofWindow.size() < stages.size()) {
            return Optional.empty();
        }
        open.remove(window);
        agreed.add(window);
        agreed.headSet(window - 2L * StageMachine.MAX_WINDOWS).clear();
        return Optional.of(new Agreed(window, stages, total(ofWindow)));
    }

    private List<Double> total(SortedMap<Integer, List<Double>> stages) {
        List<Double> total = new ArrayList<>(Collections.nCopies(perParameter, 0.0));
        for (List<Double> sums : stages.values()) {
            for (int i = 0; i < sums.size(); i++) {
                int place = i % perParameter;
                double before = total.get(place);
                total.set(place, largest.contains(place) ? Math.max(before, sums.get(i)) : before + sums.get(i));
            }
        }
        return List.copyOf(total);
    }

    /**
     * {@return the stages whose gradients of a window have been summed, where others are still missing}
     *
     * @param window its number
     */
    public Set<Integer> waiting(long window) {
        SortedMap<Integer, List<Double>> stages = open.get(window);
        return stages == null ? Set.of() : Set.copyOf(stages.keySet());
    }
}
