package io.ketju.pipeline.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the clocks of several processes together, by the tensors that went between them. The shortest way of a tensor from A
 * to B, by the receiver's clock less the sender's, is the least latency plus what B's clock is ahead; back, it is the least
 * latency less that. With equal latencies both ways, half their difference is the offset (as in NTP, RFC 5905, section 8).
 */
public final class ClockOffsets {
    private static final long NONE = Long.MAX_VALUE;

    private ClockOffsets() {}

    /**
     * {@return all processes by the clock of the first; one that exchanged nothing with others keeps its own}
     *
     * @param processes each by its own clock
     */
    public static List<ProcessTrace> aligned(List<ProcessTrace> processes) {
        long[] ahead = ahead(processes);
        List<ProcessTrace> result = new ArrayList<>();
        for (int process = 0; process < ahead.length; process++) {
            result.add(processes.get(process).earlier(ahead[process]));
        }
        return result;
    }

    /** By how much each clock is ahead of the first. */
    static long[] ahead(List<ProcessTrace> processes) {
        long[][] shortest = shortest(processes);
        long[] ahead = new long[processes.size()];
        boolean[] known = new boolean[ahead.length];
        for (int start = 0; start < ahead.length; start++) {
            ArrayDeque<Integer> open = new ArrayDeque<>();
            if (!known[start]) {
                known[start] = true;
                open.add(start);
            }
            while (!open.isEmpty()) {
                int from = open.remove();
                for (int to = 0; to < ahead.length; to++) {
                    if (!known[to] && (shortest[from][to] != NONE || shortest[to][from] != NONE)) {
                        known[to] = true;
                        ahead[to] = ahead[from] + between(shortest[from][to], shortest[to][from]);
                        open.add(to);
                    }
                }
            }
        }
        return ahead;
    }

    /** With one way alone, the shortest is taken to last nothing: then no tensor arrives before it was sent. */
    private static long between(long there, long back) {
        if (there == NONE) {
            return -back;
        }
        return back == NONE ? there : Math.floorDiv(there - back, 2);
    }

    /** From each process to each other, by the clocks of both. */
    private static long[][] shortest(List<ProcessTrace> processes) {
        long[][] shortest = new long[processes.size()][processes.size()];
        Map<TracedTensor, Integer> senders = new HashMap<>();
        Map<TracedTensor, Long> times = new HashMap<>();
        for (int from = 0; from < shortest.length; from++) {
            Arrays.fill(shortest[from], NONE);
            for (TracedTensor sent : processes.get(from).sent()) {
                senders.put(sent.identity(), from);
                times.put(sent.identity(), sent.at());
            }
        }
        for (int to = 0; to < shortest.length; to++) {
            for (TracedTensor arrived : processes.get(to).arrived()) {
                Integer from = senders.get(arrived.identity());
                if (from != null && from != to) {
                    long way = arrived.at() - times.getOrDefault(arrived.identity(), 0L);
                    shortest[from][to] = Math.min(shortest[from][to], way);
                }
            }
        }
        return shortest;
    }
}
