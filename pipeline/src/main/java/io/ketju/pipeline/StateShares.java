package io.ketju.pipeline;

import io.ketju.layers.Parameter;
import io.ketju.layers.model.Node;
import io.ketju.layers.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which replica of a stage has the optimizer's state of which parameter, and updates it: as in the first stage of ZeRO
 * (Rajbhandari et al. 2020), but that parameters are whole, because some optimizers look at all elements of one. The first
 * replica has all values besides, and whatever else is kept.
 *
 * @param replicaOf by the name of each parameter that learns and that the stage owns, in their order
 */
public record StateShares(Map<String, Integer> replicaOf) {
    /** Where the first replica has all. */
    static final StateShares NONE = new StateShares(Map.of());

    /** Copies the map, in its order. */
    public StateShares {
        replicaOf = Collections.unmodifiableMap(new LinkedHashMap<>(replicaOf));
    }

    /**
     * Shares of a stage that take about as much memory and time each.
     *
     * @param mirrored parameters that other stages own
     */
    static StateShares of(Recipe recipe, List<Node> nodes, Set<String> mirrored, int replicas) {
        Map<String, Long> weights = new LinkedHashMap<>();
        for (Node node : nodes) {
            for (int i = 0; i < node.parameters().size(); i++) {
                String name = node.parameters().get(i);
                Parameter parameter = node.layer().parameters().get(i);
                if (parameter.learns() && !mirrored.contains(name)) {
                    recipe.optimizers()
                            .of(name)
                            .ifPresent(optimizer -> weights.putIfAbsent(name, weight(parameter, optimizer)));
                }
            }
        }
        List<Integer> shares = balanced(List.copyOf(weights.values()), replicas);
        Map<String, Integer> replicaOf = new LinkedHashMap<>();
        weights.keySet().forEach(name -> replicaOf.put(name, shares.get(replicaOf.size())));
        return new StateShares(replicaOf);
    }

    /** Elements that an update goes over: of the value, and of all state. */
    private static long weight(Parameter parameter, Optimizer optimizer) {
        return Math.multiplyExact(
                (long) parameter.shape().elements(), 1L + optimizer.states().size());
    }

    /**
     * Gives each of these to one of so many shares: the heaviest first, to the share that has least; of equals the first. No
     * share is then heavier than an even one and the heaviest together.
     */
    static List<Integer> balanced(List<Long> weights, int shares) {
        long[] loads = new long[shares];
        List<Integer> chosen = new ArrayList<>(Collections.nCopies(weights.size(), 0));
        IntStream.range(0, weights.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> weights.get(i)).reversed())
                .forEachOrdered(i -> {
                    int least = 0;
                    for (int share = 1; share < shares; share++) {
                        least = loads[share] < loads[least] ? share : least;
                    }
                    loads[least] += weights.get(i);
                    chosen.set(i, least);
                });
        return chosen;
    }

    /**
     * {@return the replica that updates a parameter; the first, where nothing is said of it}
     *
     * @param parameter its global name
     */
    public int of(String parameter) {
        return replicaOf.getOrDefault(parameter, 0);
    }

    /** Names of the parameters that a replica updates. */
    Set<String> names(int replica) {
        return replicaOf.entrySet().stream()
                .filter(share -> share.getValue() == replica)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
