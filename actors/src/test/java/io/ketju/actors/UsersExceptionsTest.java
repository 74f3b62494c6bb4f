package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingListener;
import io.ketju.data.Dataset;
import io.ketju.layers.Footprint;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user's own layer, loss, data set or listener throws is the cause of the run's failure, as it was thrown. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UsersExceptionsTest {
    private enum Fault {
        FORWARD,
        BACKWARD,
        UNDECLARED_IN_INPUT_GRADIENT,
        UNDECLARED_IN_WEIGHT_GRADIENT
    }

    /** A layer that passes its input on, with one fault. It learns a weight that it does not use. */
    private record Buggy(Fault fault) implements OneToOne {
        @Override
        public Spec spec() {
            return Spec.of("Buggy");
        }

        @Override
        public TensorType output(TensorType input) {
            return input;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("weight", Shape.of(1), Initializers.constant(1)));
        }

        @Override
        public long forwardFlops(TensorType input) {
            return 1;
        }

        @Override
        public Footprint footprint(TensorType input) {
            return Footprint.NOTHING;
        }

        @Override
        public void forward(Pass pass) {
            copy(pass.input(0), pass.output(0), fault == Fault.FORWARD);
        }

        @Override
        public void backwardInput(Pass pass) {
            Tensor from = fault == Fault.UNDECLARED_IN_INPUT_GRADIENT ? pass.output(0) : pass.gradOutput(0);
            copy(from, pass.gradInput(0), fault == Fault.BACKWARD);
        }

        @Override
        public void backwardWeight(Pass pass) {
            if (fault == Fault.UNDECLARED_IN_WEIGHT_GRADIENT) {
                pass.gradient(0).setFloat(0, pass.input(0).getFloat(0));
            }
        }

        private static void copy(Tensor from, Tensor to, boolean broken) {
            int[] two = new int[2];
            if (broken) {
                two[from.shape().dimension(0)] = 1;
            }
            to.copyFrom(from);
        }
    }

    /** Cross-entropy that forgets what it is for. */
    private record BuggyLoss(CrossEntropyLoss right) implements Loss {
        @Override
        public Spec spec() {
            return Spec.of("BuggyLoss");
        }

        @Override
        public List<TensorType> targets(List<TensorType> inputs) {
            return right.targets(inputs);
        }

        @Override
        public List<TensorType> room(List<TensorType> inputs) {
            return right.room(inputs);
        }

        @Override
        public double compute(LossPass pass) {
            throw new UnsupportedOperationException("not written yet");
        }
    }

    /** A data set of which one sample cannot be read. */
    private record BuggyData(Dataset sound, Throwable fault) implements Dataset {
        @Override
        public String name() {
            return sound.name();
        }

        @Override
        public int size() {
            return sound.size();
        }

        @Override
        public Shape inputShape() {
            return sound.inputShape();
        }

        @Override
        public int classes() {
            return sound.classes();
        }

        @Override
        public void copyInput(int sample, Tensor batch, int row) {
            if (sample == 5) {
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            }
            sound.copyInput(sample, batch, row);
        }

        @Override
        public void copyTarget(int sample, Tensor batch, int row) {
            sound.copyTarget(sample, batch, row);
        }

        @Override
        public String identity() {
            return sound.identity();
        }
    }

    @Test
    void whatALayerThrowsInForward() {
        TrainingFailedException failure = failure(job(Fault.FORWARD));
        assertThat(failure.resumable()).isFalse();
        assertThat(failure)
                .hasMessage("stage 1, step 1: layer 2 Buggy(), forward of micro-batch 0: "
                        + "java.lang.ArrayIndexOutOfBoundsException: Index 16 out of bounds for length 2");
        assertThat(failure.getCause()).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        assertThat(framesOfCause(failure, Buggy.class)).contains("forward");
    }

    @Test
    void whatALayerThrowsInBackward() {
        TrainingFailedException failure = failure(job(Fault.BACKWARD));
        assertThat(failure)
                .hasMessageStartingWith("stage 1, step 1: layer 2 Buggy(), backward of micro-batch 0: java.lang.Array");
        assertThat(framesOfCause(failure, Buggy.class)).contains("backwardInput");
    }

    @Test
    void aLayerThatReadsWhatItsFootprintDoesNotNameIsNamedWithThePort() {
        TrainingFailedException input = failure(job(Fault.UNDECLARED_IN_INPUT_GRADIENT));
        assertThat(input)
                .hasMessage("stage 1, step 1: layer 2 Buggy(), backward of micro-batch 0: "
                        + "java.lang.IllegalStateException: layer 2: backwardInput asks for output 0, which it has not "
                        + "declared");
        assertThat(input.getCause()).isInstanceOf(IllegalStateException.class);
        assertThat(framesOfCause(input, Buggy.class)).contains("backwardInput");
        TrainingFailedException weight = failure(job(Fault.UNDECLARED_IN_WEIGHT_GRADIENT));
        assertThat(weight)
                .hasMessage("stage 1, step 1: layer 2 Buggy(), backward of micro-batch 0: "
                        + "java.lang.IllegalStateException: layer 2: backwardWeight asks for input 0, which it has not "
                        + "declared");
        assertThat(framesOfCause(weight, Buggy.class)).contains("backwardWeight");
    }

    @Test
    void aLayerNeverReadsWhatHappensToBeThereStill() {
        // In one stage the layer before it wrote the input into the same slot, and a small model leaves it there.
        TrainingFailedException whole =
                failure(job(Fault.UNDECLARED_IN_WEIGHT_GRADIENT).stages(1));
        assertThat(whole)
                .hasMessageStartingWith("stage 0, step 1: layer 2 Buggy(), backward of micro-batch 0")
                .hasMessageContaining("asks for input 0");
    }

    @Test
    void whatALossThrows() {
        TrainingFailedException failure =
                failure(SmallJobs.tiny().stages(3).loss(new BuggyLoss(new CrossEntropyLoss())));
        assertThat(failure)
                .hasMessage("stage 2, step 1: the loss, forward of micro-batch 0: "
                        + "java.lang.UnsupportedOperationException: not written yet");
        assertThat(framesOfCause(failure, BuggyLoss.class)).contains("compute");
    }

    @Test
    void whatADataSetThrows() {
        for (Throwable fault : List.of(new IllegalStateException("no such file"), new AssertionError("no such file"))) {
            Dataset sound = SmallJobs.samples("train", 23);
            DataSource data = new DataSource("custom", new BuggyData(sound, fault), SmallJobs.samples("test", 7));
            TrainingFailedException failure = failure(SmallJobs.tiny().stages(2).data(data));
            assertThat(failure).hasMessage("batch feeder: " + fault);
            assertThat(failure.getCause()).isSameAs(fault);
        }
    }

    @Test
    void whatAListenerThrows() {
        for (Throwable fault : List.of(new IllegalStateException("no more"), new NoClassDefFoundError("no more"))) {
            TrainingListener listener = event -> {
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            };
            TrainingFailedException failure = catchThrowableOfType(
                    TrainingFailedException.class,
                    () -> Ketju.fit(SmallJobs.tiny().stages(2).build(), listener));
            assertThat(failure).hasMessage("a listener failed on Started: " + fault);
            assertThat(failure.getCause()).isSameAs(fault);
        }
    }

    @Test
    void whatInitialValuesThrow() {
        RuntimeException fault = new IllegalStateException("no values");
        Linear linear = new Linear(16, 10).withInitializer((parameter, random) -> {
            throw fault;
        });
        JobBuilder job = Ketju.job()
                .model(Shape.of(1, 8, 8), Sequential.of(new Flatten(), new Linear(64, 16), new Named(linear)))
                .data(DataSource.named("digits"));
        TrainingFailedException failure = failure(job);
        assertThat(failure).hasMessageEndingWith(": java.lang.IllegalStateException: no values");
        assertThat(failure.getCause()).isSameAs(fault);
    }

    private static TrainingFailedException failure(JobBuilder job) {
        return catchThrowableOfType(TrainingFailedException.class, () -> Ketju.fit(job.build()));
    }

    private static JobBuilder job(Fault fault) {
        return Ketju.job()
                .model(
                        Shape.of(1, 8, 8),
                        Sequential.of(new Flatten(), new Linear(64, 16), new Buggy(fault), new Linear(16, 10)))
                .data(DataSource.named("digits"))
                .stageBounds(List.of(0, 2, 4))
                .microbatches(4)
                .batchSize(64);
    }

    /** Methods of a class in the stack trace of a failure's cause. */
    private static List<String> framesOfCause(Throwable failure, Class<?> of) {
        return Arrays.stream(Objects.requireNonNull(failure.getCause()).getStackTrace())
                .filter(frame -> frame.getClassName().equals(of.getName()))
                .map(StackTraceElement::getMethodName)
                .toList();
    }

    /** A layer whose initial values have no text form. */
    private record Named(Linear linear) implements OneToOne {
        @Override
        public Spec spec() {
            return Spec.of("Named");
        }

        @Override
        public TensorType output(TensorType input) {
            return linear.output(input);
        }

        @Override
        public List<Parameter> parameters() {
            return linear.parameters();
        }

        @Override
        public List<Integer> transposedParameters() {
            return linear.transposedParameters();
        }

        @Override
        public long forwardFlops(TensorType input) {
            return linear.forwardFlops(input);
        }

        @Override
        public Footprint footprint(TensorType input) {
            return linear.footprint(input);
        }

        @Override
        public void forward(Pass pass) {
            linear.forward(pass);
        }

        @Override
        public void backwardInput(Pass pass) {
            linear.backwardInput(pass);
        }
    }
}
