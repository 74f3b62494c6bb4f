package io.ketju.layers.model;

import io.ketju.layers.Footprint;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Trains a chain of layers on the calling thread: the shortest program that the layers allow. */
final class ModelRun implements AutoCloseable {
    private static final long SEED = 1;

    private final Model model;
    private final Kernels kernels;
    private final ParameterBlock block;
    private final Map<Integer, Chain> chains = new HashMap<>();
    private long step;

    ModelRun(Model model, Optimizer optimizer, Kernels kernels) {
        this(model, optimizer, kernels, false);
    }

    ModelRun(Model model, Optimizer optimizer, Kernels kernels, boolean packing) {
        this.model = model;
        this.kernels = kernels;
        block = ParameterBlock.forTraining(model.nodes(), optimizer);
        if (packing) {
            block.allocatePacked(model.nodes());
        }
    }

    ParameterBlock block() {
        return block;
    }

    /** Forward, loss and backward of one micro-batch; adds to the gradients. */
    double microbatch(Tensor input, Tensor target, long denominator) {
        int samples = input.shape().dimension(0);
        return chains.computeIfAbsent(samples, Chain::new).run(input, target, 1.0 / denominator);
    }

    /** One step on one mini-batch cut into micro-batches of equal size; the mean loss. */
    double step(Tensor input, Tensor target, int microbatches) {
        int samples = input.shape().dimension(0);
        int size = samples / microbatches;
        block.clearGradients();
        double sum = 0;
        for (int m = 0; m < microbatches; m++) {
            sum += microbatch(input.samples(m * size, size), target.samples(m * size, size), samples);
        }
        block.update(kernels, name -> true, Optimizer::learningRate, ++step);
        return sum / samples;
    }

    @Override
    public void close() {
        chains.values().forEach(Chain::close);
        block.close();
    }

    /** Every tensor of a micro-batch of some size, each with a place of its own. */
    private final class Chain {
        private final TensorArena lasting = new TensorArena(1 << 18);
        private final TensorArena passing = new TensorArena(1 << 20);
        private final List<PassBinding> bindings = new ArrayList<>();
        private final List<Footprint> footprints = new ArrayList<>();
        private final List<TensorType> types = new ArrayList<>();
        private final Loss loss = new CrossEntropyLoss();

        Chain(int samples) {
            ModelTypes all = model.types(samples);
            types.add(all.inputs().getFirst());
            for (Node node : model.nodes()) {
                List<TensorType> inputs = all.inputs(node);
                footprints.add(node.layer().footprint(inputs));
                types.add(node.layer().outputs(inputs).getFirst());
                bindings.add(
                        new PassBinding(node.name(), kernels, block.weights(node), footprints.getLast(), 1, 1, SEED));
                for (int i = 0; i < footprints.getLast().kept().size(); i++) {
                    TensorType kept = footprints.getLast().kept().get(i);
                    bindings.getLast().kept(i, lasting.allocate(kept.dtype(), kept.shape()));
                }
            }
        }

        private Tensor allocate(TensorType type) {
            return passing.allocate(type.dtype(), type.shape());
        }

        void close() {
            lasting.close();
            passing.close();
        }

        double run(Tensor input, Tensor target, double scale) {
            passing.reset();
            Tensor tensor = input;
            for (int i = 0; i < bindings.size(); i++) {
                tensor = forward(i, tensor);
            }
            Tensor gradient = allocate(types.getLast());
            List<Tensor> room = loss.room(List.of(types.getLast())).stream()
                    .map(this::allocate)
                    .toList();
            double sum = loss.compute(
                    new LossPass(kernels, List.of(tensor), List.of(target), List.of(gradient), room, scale));
            for (int i = bindings.size() - 1; i >= 0; i--) {
                gradient = backward(i, gradient);
            }
            return sum;
        }

        private Tensor forward(int i, Tensor input) {
            if (footprints.get(i).view()) {
                return input.view(types.get(i + 1).shape());
            }
            Tensor output = allocate(types.get(i + 1));
            bindings.get(i).input(0, input);
            bindings.get(i).output(0, output);
            model.nodes().get(i).layer().forward(bindings.get(i).forward(true, step, 0));
            return output;
        }

        private Tensor backward(int i, Tensor gradOutput) {
            if (footprints.get(i).view()) {
                return gradOutput.view(types.get(i).shape());
            }
            Tensor gradInput = allocate(types.get(i));
            bindings.get(i).gradOutput(0, gradOutput);
            bindings.get(i).gradInput(0, gradInput);
            model.nodes().get(i).layer().backwardInput(bindings.get(i).backward(Phase.INPUT_GRADIENT));
            model.nodes().get(i).layer().backwardWeight(bindings.get(i).backward(Phase.WEIGHT_GRADIENT));
            return gradInput;
        }
    }
}
