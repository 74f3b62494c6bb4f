package io.ketju.actors.checkpoint;

import io.ketju.data.safetensors.SafeTensorsReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How old the weights were that a stage's forwards ran on, where updates overlap: by how many updates, and how many updates
 * there were of that. Stands in a shard's metadata, since the start that wrote it.
 */
public final class Staleness {
    private static final String KEY = "staleness";

    private Staleness() {}

    /**
     * Metadata of a shard.
     *
     * @param counts at index i, how often a forward ran on weights that were i updates old; none where updates do not overlap
     * @return none where there are no counts
     */
    public static Map<String, String> metadata(List<Long> counts) {
        List<String> entries = new ArrayList<>();
        for (int delay = 0; delay < counts.size(); delay++) {
            entries.add(delay + ":" + counts.get(delay));
        }
        return entries.isEmpty() ? Map.of() : Map.of(KEY, String.join(" ", entries));
    }

    /**
     * Reads it back from every shard.
     *
     * @param checkpoint whose shards lie where it says
     * @return for each stage, how often by how many updates its weights were old; empty maps where updates do not overlap
     */
    public static List<SortedMap<Integer, Long>> of(Checkpoint checkpoint) {
        return checkpoint.files().stream()
                .map(file -> {
                    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                        return parse(reader.metadata().getOrDefault(KEY, ""));
                    }
                })
                .toList();
    }

    private static SortedMap<Integer, Long> parse(String text) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (String entry : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            int colon = entry.indexOf(':');
            counts.put(Integer.parseInt(entry.substring(0, colon)), Long.parseLong(entry.substring(colon + 1)));
        }
        return counts;
    }
}
