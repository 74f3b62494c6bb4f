package io.ketju.layers.catalogue;

import io.ketju.layers.spec.AddedEntries;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import java.util.ArrayList;
import java.util.List;

/** What stands under one heading of a page. */
record Family<T>(String name, List<Entry<? extends T>> entries) {
    Family {
        entries = List.copyOf(entries);
    }

    List<Description> descriptions() {
        return entries.stream().<Description>map(Entry::description).toList();
    }

    static <T> Registry<T> registry(String kind, List<Family<T>> families, AddedEntries<T> own) {
        List<Entry<? extends T>> all = new ArrayList<>();
        families.forEach(family -> all.addAll(family.entries()));
        return new Registry<>(kind, all, own);
    }
}
