package io.ketju.tests.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.trace.TraceFile;
import io.ketju.data.BadDataException;
import io.ketju.data.cifar.CifarFiles;
import io.ketju.data.idx.IdxReader;
import io.ketju.data.image.DigitsCsv;
import io.ketju.data.image.ImageFile;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import io.ketju.data.text.ByteLevelBpe;
import io.ketju.data.text.HuggingFaceTokenizer;
import io.ketju.deploy.config.JobFile;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.protocol.frame.FrameException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** A reader of bytes from outside, and the errors that it may answer with. */
enum FuzzTarget {
    /** Frames of the data plane; the first byte says into what pieces they are cut. */
    FRAMES(FrameException.class) {
        @Override
        void read(byte[] input) {
            new FrameInput(input).read();
        }
    },
    /** Control messages, each behind its name. */
    CONTROL(NotSerializableException.class) {
        @Override
        void read(byte[] input) throws Exception {
            ControlInput.read(input);
        }
    },
    SAFETENSORS(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            try (SafeTensorsReader reader = SafeTensorsReader.open(Scratch.file("x.safetensors", input))) {
                reader.entries().forEach(entry -> reader.range(entry.name()));
                reader.metadata();
            }
        }
    },
    IDX(BadDataException.class) {
        @Override
        void read(byte[] input) {
            for (int rank = 1; rank <= 3; rank += 2) {
                try {
                    IdxReader.read(new ByteArrayInputStream(input), "x.idx", rank);
                } catch (BadDataException e) {
                    if (rank == 3) {
                        throw e;
                    }
                }
            }
        }
    },
    /** A folder with one batch of it, which is never enough. */
    CIFAR(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            CifarFiles.read(Scratch.folder(Scratch.file("test_batch.bin", input)));
        }
    },
    IMAGE(BadDataException.class) {
        @Override
        void read(byte[] input) {
            ImageFile.decode(input, "x.png");
        }
    },
    DIGITS(BadDataException.class) {
        @Override
        void read(byte[] input) {
            DigitsCsv.read(new StringReader(new String(input, UTF_8)), "x.csv");
        }
    },
    TABLE(BadDataException.class) {
        @Override
        void read(byte[] input) {
            Tables.read(new StringReader(new String(input, UTF_8)), "x.csv", "x", TableChoice.targets("y"));
        }
    },
    MANIFEST(DamagedCheckpointException.class) {
        @Override
        void read(byte[] input) throws IOException {
            CheckpointReader.verify(Scratch.folder(Scratch.file("manifest.json", input)));
        }
    },
    JOB(InvalidJobException.class) {
        @Override
        void read(byte[] input) throws IOException {
            JobFile.read(Scratch.file("job.conf", input));
        }
    },
    /** Vocabulary and merges, parted by a byte of zero. */
    TOKENIZER(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            int cut = 0;
            while (cut < input.length && input[cut] != 0) {
                cut++;
            }
            Path vocabulary = Scratch.file(ByteLevelBpe.VOCABULARY, Arrays.copyOf(input, cut));
            int from = Math.min(cut + 1, input.length);
            Files.write(vocabulary.resolveSibling(ByteLevelBpe.MERGES), Arrays.copyOfRange(input, from, input.length));
            ByteLevelBpe.read(Scratch.folder(vocabulary)).encode("ab ba");
        }
    },
    /** A tokenizer in one file, read as both kinds. */
    HUGGINGFACE(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            Path folder = Scratch.folder(Scratch.file(HuggingFaceTokenizer.FILE, input));
            boolean ours = true;
            try {
                HuggingFaceTokenizer.read(folder).encode("ab ba");
            } catch (BadDataException e) {
                ours = false;
            }
            if (!ours) {
                ByteLevelBpe.read(folder).encode("ab ba");
            }
        }
    },
    TRACE(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            TraceFile.read(Scratch.file("trace-0.csv", input));
        }
    },
    /** The name of a schedule with its arguments. */
    SCHEDULE(IllegalArgumentException.class) {
        @Override
        void read(byte[] input) {
            Schedules.parse(new String(input, UTF_8));
        }
    },
    /** The lists of actions of a schedule, written out. */
    ACTIONS(IllegalArgumentException.class) {
        @Override
        void read(byte[] input) {
            SchedulePlan.parse(new String(input, UTF_8));
        }
    };

    /** A job's file may be a mebibyte; what an error cites of it may not. */
    private static final int MOST_CHARACTERS = 2_000;

    private final Class<? extends Exception> answer;

    FuzzTarget(Class<? extends Exception> answer) {
        this.answer = answer;
    }

    abstract void read(byte[] input) throws Exception;

    /** Reads the input; throws what is a finding: another error than this reader answers with, or one that says too much. */
    void run(byte[] input) throws Exception {
        try {
            read(input);
        } catch (Exception e) {
            if (!answer.equals(e.getClass())) {
                throw e;
            }
            String message = e.getMessage();
            if (message == null || message.isBlank() || message.length() > MOST_CHARACTERS) {
                throw new IllegalStateException("the answer is no line: " + message, e);
            }
        }
    }

    /** As it is called on the command line, and the folder of its inputs. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
