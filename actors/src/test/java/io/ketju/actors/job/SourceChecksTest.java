package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.data.BadDataException;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.MicrobatchPlan;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Sources that somebody wrote in a hurry. */
@SuppressWarnings("NullAway") // of code that does not care for nulls
class SourceChecksTest {
    private static final BatchPort INPUT = BatchPort.changing("input", TensorType.floats(2, 4));
    private static final BatchPort TARGET = BatchPort.changing("target", TensorType.ints(2));

    /** Two mini-batches of one micro-batch of two samples. */
    private static class Source implements BatchSource {
        @Override
        public String name() {
            return "mine";
        }

        @Override
        public List<BatchPort> ports() {
            return List.of(INPUT, TARGET);
        }

        @Override
        public int batchSize() {
            return 2;
        }

        @Override
        public int microbatches() {
            return 1;
        }

        @Override
        public int stepsPerEpoch() {
            return 2;
        }

        @Override
        public BatchPlan plan(long index) {
            return planned(index, TensorType.floats(2, 4));
        }

        static BatchPlan planned(long index, TensorType input) {
            Map<String, TensorType> types = new TreeMap<>();
            types.put("input", input);
            types.put("target", TensorType.ints(2));
            return new BatchPlan(index, index / 2, List.of(new MicrobatchPlan(2, new TreeMap<>(types))));
        }

        @Override
        public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
            target.clear();
        }

        @Override
        public String identity() {
            return "mine";
        }
    }

    private static TrainingJob job(BatchSource source) {
        return new JobBuilder().model("mlp(4, 3)").data(source).threads(1).build();
    }

    private static void refused(BatchSource source, String line) {
        assertThatThrownBy(() -> job(source))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(line);
    }

    private static void portsRefused(String line, BatchPort... ports) {
        refused(
                new Source() {
                    @Override
                    public List<BatchPort> ports() {
                        return ports.length == 0 ? null : new ArrayList<>(Arrays.asList(ports));
                    }
                },
                line);
    }

    @Test
    void aSoundOneTrains() {
        assertThat(Ketju.fit(job(new Source())).steps()).isEqualTo(2);
    }

    @Test
    void portsHaveNamesAndTypesAndEachIsThereOnce() {
        portsRefused("data 'mine': expected ports, found null");
        portsRefused("data 'mine', port 1: expected a name and the largest type, found null", INPUT, null);
        portsRefused(
                "data 'mine', port 0: expected a name and the largest type,"
                        + " found BatchPort[name=null, largest=int32[2], constant=false]",
                BatchPort.changing(null, TensorType.ints(2)),
                INPUT);
        portsRefused(
                "data 'mine', port 1: expected a name and the largest type,"
                        + " found BatchPort[name=target, largest=null, constant=false]",
                INPUT,
                BatchPort.changing("target", null));
        portsRefused("data 'mine', port 2: expected each name once, found 'input' again", INPUT, TARGET, INPUT);
    }

    @Test
    void itHasANameAndAnIdentity() {
        BatchSource nameless = new Source() {
            @Override
            public String name() {
                return null;
            }
        };
        refused(nameless, "data of " + nameless.getClass().getName() + ": expected a name for reports, found null");
        TrainingJob job = job(new Source() {
            @Override
            public String identity() {
                return null;
            }
        });
        assertThatThrownBy(() -> Ketju.fit(job))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("data 'mine': expected an identity, a digest of all that it gives, found null");
    }

    @Test
    void plansAreThereAndOfTheBatchThatWasAskedFor() {
        refused(
                new Source() {
                    @Override
                    public BatchPlan plan(long index) {
                        return null;
                    }
                },
                "data: mine, batch 0: expected its plan, found null");
        refused(
                new Source() {
                    @Override
                    public BatchPlan plan(long index) {
                        return super.plan(0);
                    }
                },
                "data: mine, batch 1: expected its plan, found that of batch 0, which is another");
        refused(
                new Source() {
                    @Override
                    public BatchPlan plan(long index) {
                        return new BatchPlan(index, 0, List.of(new MicrobatchPlan(-2, new TreeMap<>())));
                    }
                },
                "data: mine, batch 0: expected its plan, found java.lang.IllegalArgumentException:"
                        + " a micro-batch of -2 samples");
    }

    @Test
    void whatIsLargerThanItSaidOrNotThereAtAllStopsTheRunInOneLine() {
        for (TensorType type : new TensorType[] {TensorType.floats(2, 5), null}) {
            BatchSource source = new Source() {
                @Override
                public BatchPlan plan(long index) {
                    return index == 0 ? super.plan(index) : planned(index, type);
                }

                @Override
                public int stepsPerEpoch() {
                    return 3;
                }
            };
            failed(
                    new Source() {
                        @Override
                        public int stepsPerEpoch() {
                            return 3;
                        }

                        @Override
                        public BatchPlan plan(long index) {
                            return index == 1 ? source.plan(index) : super.plan(index);
                        }
                    },
                    "mine, batch 1, micro-batch 0, 'input': expected at most float32[2, 4], found "
                            + (type == null ? "nothing" : type));
        }
    }

    @Test
    void codeThatThrowsIsNamed() {
        for (String failing : List.of("input", "target")) {
            failed(
                    new Source() {
                        @Override
                        public void copy(BatchPlan plan, int microbatch, String port, Tensor target) {
                            if (plan.index() == 1 && port.equals(failing)) {
                                throw new NullPointerException("no such row");
                            }
                            target.clear();
                        }
                    },
                    "mine, batch 1, micro-batch 0, '" + failing + "': expected values of "
                            + (failing.equals("input") ? "float32[2, 4]" : "int32[2]")
                            + ", found java.lang.NullPointerException: no such row");
        }
    }

    private static void failed(BatchSource source, String line) {
        assertThatThrownBy(() -> Ketju.fit(job(source)))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining(line)
                .hasRootCauseInstanceOf(RuntimeException.class)
                .cause()
                .isInstanceOf(BadDataException.class);
    }
}
