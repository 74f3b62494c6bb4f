package io.ketju.pipeline.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the tensors of a slot lie: those that are never needed at the same time may share their place. Tensors are
 * placed from the largest to the smallest, each as low as those that are there and live with it allow (Pisarchyk and
 * Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020, greedy by size). A smaller micro-batch uses
 * the same offsets.
 *
 * @param offsets of every room, in bytes, aligned
 * @param sizes of every room, in bytes
 * @param bytes of the whole slot
 * @param unsharedBytes what it would take if every tensor had a place of its own
 */
public record SlotPlan(List<Long> offsets, List<Long> sizes, long bytes, long unsharedBytes) {
    /**
     * How long a room is needed, and what it takes.
     *
     * @param from first moment of its life
     * @param to last moment, included
     */
    record Life(long bytes, int from, int to) {
        boolean meets(Life other) {
            return from <= other.to && other.from <= to;
        }
    }

    private record Placed(Life life, long offset) {
        long end() {
            return offset + life.bytes();
        }
    }

    /** Copies the lists. */
    public SlotPlan {
        offsets = List.copyOf(offsets);
        sizes = List.copyOf(sizes);
    }

    static SlotPlan of(List<Life> lives) {
        Long[] offsets = new Long[lives.size()];
        List<Placed> placed = new ArrayList<>(); // ascending by offset
        long bytes = 0;
        List<Integer> order = IntStream.range(0, lives.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> lives.get(i).bytes())
                        .reversed()
                        .thenComparingInt(i -> lives.get(i).from())
                        .thenComparing(i -> i))
                .toList();
        for (int i : order) {
            Placed next = new Placed(lives.get(i), lowest(lives.get(i), placed));
            offsets[i] = next.offset();
            bytes = Math.max(bytes, next.end());
            int at = 0;
            while (at < placed.size() && placed.get(at).offset() <= next.offset()) {
                at++;
            }
            placed.add(at, next);
        }
        return new SlotPlan(
                List.of(offsets),
                lives.stream().map(Life::bytes).toList(),
                bytes,
                lives.stream().mapToLong(Life::bytes).sum());
    }

    private static long lowest(Life life, List<Placed> placed) {
        long offset = 0;
        for (Placed other : placed) {
            if (other.life().meets(life)) {
                if (other.offset() >= offset + life.bytes()) {
                    break;
                }
                offset = Math.max(offset, other.end());
            }
        }
        return offset;
    }
}
