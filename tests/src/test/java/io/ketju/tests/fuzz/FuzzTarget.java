package io.ketju.tests.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.trace.TraceFile;
import io.ketju.cluster.status.StatusBytes;
import io.ketju.data.BadDataException;
import io.ketju.data.InputProfile;
import io.ketju.data.archive.ArchivedFiles;
import io.ketju.data.cifar.CifarFiles;
import io.ketju.data.graph.GraphNodes;
import io.ketju.data.idx.IdxReader;
import io.ketju.data.image.DigitsCsv;
import io.ketju.data.image.ImageFile;
import io.ketju.data.safetensors.Gpt2Config;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.ShardIndex;
import io.ketju.data.table.TableChoice;
import io.ketju.data.table.Tables;
import io.ketju.data.text.ByteLevelBpe;
import io.ketju.data.text.HuggingFaceTokenizer;
import io.ketju.data.text.TextLines;
import io.ketju.data.text.TextPairs;
import io.ketju.data.text.TextSource;
import io.ketju.data.text.WordTokenizer;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.NodeSettings;
import io.ketju.deploy.hosts.HostsFile;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.records.table.MetricsCsv;
import io.ketju.records.table.MetricsTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

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
            try {
                IdxReader.read(new ByteArrayInputStream(input), "x.idx", 1);
            } catch (BadDataException e) {
                IdxReader.read(new ByteArrayInputStream(input), "x.idx", 3);
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
            List<byte[]> parts = parts(input, 2);
            Path vocabulary = Scratch.file(ByteLevelBpe.VOCABULARY, parts.getFirst());
            Files.write(vocabulary.resolveSibling(ByteLevelBpe.MERGES), parts.getLast());
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
    },
    /** What a node says of itself to whoever asks. */
    STATUS(InvalidProtocolBufferException.class) {
        @Override
        void read(byte[] input) throws Exception {
            try {
                StatusBytes.read(input);
            } catch (InvalidProtocolBufferException e) { // of several kinds
                throw new InvalidProtocolBufferException(e);
            }
        }
    },
    /** Those of a node: the authority's, its own, its key, parted by bytes of zero. */
    CERTIFICATES(InvalidCredentialsException.class) {
        @Override
        void read(byte[] input) throws IOException {
            List<byte[]> parts = parts(input, 3);
            Path authority = Scratch.file(NodeCredentials.AUTHORITY, parts.getFirst());
            Files.write(authority.resolveSibling(NodeCredentials.CERTIFICATE), parts.get(1));
            Path key = authority.resolveSibling(NodeCredentials.KEY);
            Files.write(key, parts.getLast());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            NodeCredentials.read(Scratch.folder(authority));
        }
    },
    HOSTS(InvalidJobException.class) {
        @Override
        void read(byte[] input) throws IOException {
            HostsFile.read(Scratch.file("hosts.txt", input));
        }
    },
    NODE(InvalidJobException.class) {
        @Override
        void read(byte[] input) throws IOException {
            NodeSettings.of(Map.of(), Map.of(), Optional.of(Scratch.file("node.conf", input)));
        }
    },
    /** What a run keeps of its inputs. */
    INPUTS(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            InputProfile.read(Scratch.folder(Scratch.file(InputProfile.FILE, input)));
        }
    },
    METRICS(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            MetricsTable.read(Scratch.folder(Scratch.file(MetricsCsv.FILE_NAME, input)));
        }
    },
    /** A table of nodes and a list of edges, parted by a byte of zero. */
    GRAPH(BadDataException.class) {
        @Override
        void read(byte[] input) {
            List<byte[]> parts = parts(input, 2);
            GraphNodes.of(
                    "x",
                    new GraphNodes.Texts(
                            "x.nodes",
                            new String(parts.getFirst(), UTF_8),
                            "x.edges",
                            new String(parts.getLast(), UTF_8)),
                    new GraphNodes.Known(List.of(), 1, 1));
        }
    },
    /** Lines of two texts with a tab between them. */
    PAIRS(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            TextLines lines = TextLines.ofTabbed(TextSource.of(Scratch.file("x.tsv", input)));
            TextPairs.translations("x", lines, new TextPairs.Choice(texts -> new WordTokenizer(true), 1, 0.5, 1));
        }
    },
    /** A tar, which is packed before it is read; and the same bytes as a zip. */
    ARCHIVE(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(input);
            }
            try {
                ArchivedFiles.each(
                        Scratch.file("x.tgz", packed.toByteArray()), (name, content) -> content.readAllBytes());
            } catch (BadDataException e) {
                ArchivedFiles.each(Scratch.file("x.zip", input), (name, content) -> content.readAllBytes());
            }
        }
    },
    /** The file that says which tensors are in which others. */
    INDEX(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            ShardIndex.shards(Scratch.file(ShardIndex.FILE, input));
        }
    },
    GPT2(BadDataException.class) {
        @Override
        void read(byte[] input) throws IOException {
            Gpt2Config.read(Scratch.folder(Scratch.file(Gpt2Config.FILE, input)));
        }
    };

    /** A job's file may be a mebibyte; what an error cites of it may not. */
    private static final int MOST_CHARACTERS = 2_000;

    private final Class<? extends Exception> answer;

    FuzzTarget(Class<? extends Exception> answer) {
        this.answer = answer;
    }

    abstract void read(byte[] input) throws Exception;

    /** So many parts of an input, with bytes of zero between them; those that it has not are empty. */
    private static List<byte[]> parts(byte[] input, int count) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        while (parts.size() < count) {
            int to = from;
            while (to < input.length && (input[to] != 0 || parts.size() == count - 1)) {
                to++;
            }
            parts.add(Arrays.copyOfRange(input, from, to));
            from = Math.min(to + 1, input.length);
        }
        return parts;
    }

    /**
     * Whether the input is read; throws what is a finding: another error than this reader answers with, or one that says too much.
     */
    boolean run(byte[] input) throws Exception {
        try {
            read(input);
            return true;
        } catch (Exception e) {
            if (!answer.equals(e.getClass())) {
                throw e;
            }
            String message = e.getMessage();
            if (message == null || message.isBlank() || message.length() > MOST_CHARACTERS) {
                throw new IllegalStateException("the answer is no line: " + message, e);
            }
            return false;
        }
    }

    /** How many inputs of the others one of it takes as long as: some images promise 128 MiB of pixels, and signatures are checked. */
    int cost() {
        return switch (this) {
            case IMAGE -> 20;
            case CERTIFICATES -> 10;
            default -> 1;
        };
    }

    /** As it is called on the command line, and the folder of its inputs. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
