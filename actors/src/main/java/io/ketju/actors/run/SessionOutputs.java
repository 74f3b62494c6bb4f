package io.ketju.actors.run;

import io.ketju.actors.message.OutputCommand;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** Brings the outputs of windows that predict from the stages of a session back to its caller. */
final class SessionOutputs {
    private final Model model;
    private final ActorTraining training;
    private final CompletableFuture<ActorRef<OutputCommand>> receiver;

    /** @param receiver completes when the run begins */
    SessionOutputs(Model model, ActorTraining training, CompletableFuture<ActorRef<OutputCommand>> receiver) {
        this.model = model;
        this.training = training;
        this.receiver = receiver;
    }

    /**
     * What the model's outputs are, in their order, of all samples.
     *
     * @param window not granted yet
     * @param grant has it granted
     */
    List<TensorValues> of(Window window, Runnable grant) {
        ActorRef<OutputCommand> to = training.await(receiver);
        List<TensorType> types = types(window);
        try (TensorArena arena =
                new TensorArena(types.stream().mapToLong(TensorType::bytes).sum())) {
            List<Tensor> outputs = types.stream().map(arena::allocate).toList();
            Optional<String> failure = training.outputs(to, window, outputs, grant);
            if (failure.isPresent()) {
                throw new IllegalStateException(failure.get());
            }
            List<TensorValues> values = new ArrayList<>();
            for (Tensor output : outputs) {
                TensorValues copy = TensorValues.zeros(TensorType.of(output));
                copy.copyFrom(0, output);
                values.add(copy);
            }
            return values;
        }
    }

    /** Of all samples, as those of the first micro-batch say. */
    private List<TensorType> types(Window window) {
        Window.Part first = window.parts().getFirst();
        List<TensorType> inputs = new ArrayList<>(first.inputs());
        for (Input input : first.inputs().isEmpty() ? model.inputs() : List.<Input>of()) {
            inputs.add(input.type(first.samples()));
        }
        ModelTypes types = model.types(inputs);
        return model.outputs().stream()
                .map(types::of)
                .map(type -> window.microbatches() == 1
                        ? type
                        : type.withShape(type.shape().sample().batched(window.samples())))
                .toList();
    }
}
