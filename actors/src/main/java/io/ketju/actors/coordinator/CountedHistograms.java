package io.ketju.actors.coordinator;

import io.ketju.pipeline.stage.ParameterHistograms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What stages have counted of their parameters, by step: one stage may be steps ahead of another. */
final class CountedHistograms {
    private final List<String> parameters;
    private final SortedMap<Long, Map<String, ParameterHistograms>> bySteps = new TreeMap<>();

    /** @param parameters names, in the order of the model */
    CountedHistograms(List<String> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    /** One parameter, after this step; what was counted before a restart is counted again. */
    void add(long step, ParameterHistograms counted) {
        bySteps.computeIfAbsent(step, first -> new HashMap<>()).put(counted.parameter(), counted);
    }

    /** The last counts up to a step that all stages have taken, in the order of the model; they are forgotten here. */
    List<ParameterHistograms> take(long step) {
        SortedMap<Long, Map<String, ParameterHistograms>> reached = bySteps.headMap(step + 1);
        if (reached.isEmpty()) {
            return List.of();
        }
        Map<String, ParameterHistograms> last = reached.sequencedValues().getLast();
        List<ParameterHistograms> ordered =
                parameters.stream().filter(last::containsKey).map(last::get).toList();
        reached.clear();
        return ordered;
    }
}
