package io.ketju.tests.simulation.disk;

import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A folder: its names as every process sees them, and those that a power cut leaves. */
final class DiskFolder implements DiskEntry {
    private final SortedMap<String, DiskEntry> names = new TreeMap<>();
    private SortedMap<String, DiskEntry> durable = new TreeMap<>();

    SortedMap<String, DiskEntry> names() {
        return names;
    }

    void sync() {
        durable = new TreeMap<>(names);
    }

    /** The same that a power cut leaves. */
    @Nullable
    DiskEntry durable(String name) {
        return durable.get(name);
    }

    @Override
    public void losePower(SplittableRandom random) {
        TreeSet<String> all = new TreeSet<>(names.keySet());
        all.addAll(durable.keySet());
        for (String name : all) {
            boolean changed = names.get(name) != durable.get(name);
            DiskEntry left = changed && random.nextBoolean() ? durable.get(name) : names.get(name);
            if (left == null) {
                names.remove(name);
            } else {
                names.put(name, left);
            }
        }
        sync();
        names.values().forEach(entry -> entry.losePower(random));
    }
}
