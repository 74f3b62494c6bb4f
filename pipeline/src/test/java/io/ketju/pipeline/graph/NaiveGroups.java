package io.ketju.pipeline.graph;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The gradients of groups of micro-batches, each added up from zero by itself: copies, and a loop over their elements. */
final class NaiveGroups {
    private final Model model;
    private final ParameterBlock block;
    private final int groups;
    private final int most;
    /** The gradients of groups that are complete. */
    private final List<List<float[]>> complete = new ArrayList<>();

    /** @param most micro-batches that a step can have */
    NaiveGroups(Model model, ParameterBlock block, int groups, int most) {
        this.model = model;
        this.block = block;
        this.groups = groups;
        this.most = most;
    }

    private int of(int microbatch) {
        int group = 0;
        for (int end = size(0); microbatch >= end; end += size(group)) {
            group++;
        }
        return group;
    }

    private int size(int group) {
        return most / groups + (group < most % groups ? 1 : 0);
    }

    /** A micro-batch has run; with the last one the sum of all groups is in the block. */
    void ran(int microbatch, boolean last) {
        if (groups == 1) {
            return;
        }
        if (last || of(microbatch + 1) != of(microbatch)) {
            complete.add(gradients().stream().map(Tensor::toFloats).toList());
            gradients().forEach(Tensor::clear);
        }
        if (last) {
            sum(gradients());
            complete.clear();
        }
    }

    private void sum(List<Tensor> sums) {
        for (int i = 0; i < sums.size(); i++) {
            for (int j = 0; j < sums.get(i).elements(); j++) {
                float sum = complete.getFirst().get(i)[j];
                for (int group = 1; group < complete.size(); group++) {
                    sum += complete.get(group).get(i)[j];
                }
                sums.get(i).setFloat(j, sum);
            }
        }
    }

    /** Of all uses of parameters that learn. */
    private List<Tensor> gradients() {
        return model.nodes().stream()
                .flatMap(node -> block.weights(node).gradients().stream())
                .filter(Objects::nonNull)
                .toList();
    }
}
