package io.ketju.actors.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Links that are being opened. */
final class OpenedLinks {
    private OpenedLinks() {}

    /** All of them when the last one is open; a failure of one is a failure of all. */
    static <K, L> CompletableFuture<Map<K, L>> all(Map<K, CompletableFuture<L>> opening) {
        return CompletableFuture.allOf(opening.values().toArray(CompletableFuture[]::new))
                .thenApply(ignored -> {
                    Map<K, L> opened = new HashMap<>();
                    opening.forEach((key, link) -> opened.put(key, link.join()));
                    return opened;
                });
    }
}
