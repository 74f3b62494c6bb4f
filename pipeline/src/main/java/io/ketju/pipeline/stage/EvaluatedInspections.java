package io.ketju.pipeline.stage;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What inspections of evaluated micro-batches have found, whose slots are given up at once; of the last windows. */
final class EvaluatedInspections {
    private final TreeMap<Long, Map<Integer, Inspection>> found = new TreeMap<>();

    /** Stages before the last may be some windows ahead of it. */
    void add(long window, Inspection inspection) {
        found.headMap(window - StageMachine.MAX_WINDOWS).clear();
        found.computeIfAbsent(window, number -> new HashMap<>()).put(inspection.microbatch(), inspection);
    }

    /** Null if nothing is known. */
    @Nullable
    Inspection of(long window, int microbatch) {
        return found.getOrDefault(window, Map.of()).get(microbatch);
    }
}
