package io.ketju.deploy.hosts;

import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who the nodes of a launch are to each other: certificates that it makes for itself, by an authority whose key is nowhere stored; or
 * those that the hosts file names.
 *
 * @param own of this process
 * @param lines of each host, by its address: what {@link HostScripts#RUN} takes them from
 */
record HostCertificates(NodeCredentials own, Map<String, List<String>> lines) {
    private static final List<String> FILES =
            List.of(NodeCredentials.AUTHORITY, NodeCredentials.CERTIFICATE, NodeCredentials.KEY);

    /**
     * Makes them, or reads them.
     *
     * @param given this process's own; empty: all are made
     * @param ownHost where the hosts reach this process
     */
    static HostCertificates of(List<WorkerHost> hosts, Optional<NodeCredentials> given, String ownHost) {
        for (WorkerHost host : hosts) {
            if (given.isPresent() != host.certs().isPresent()) {
                throw new InvalidClusterException(host.where()
                        + (given.isPresent()
                                ? ": expected certs=DIR, as this process has --certs, found none"
                                : ": expected --certs for this process too, as this host has certs=, found none"));
            }
        }
        try {
            return given.isPresent() ? read(hosts, given.get()) : made(hosts, ownHost);
        } catch (IOException e) {
            throw new InvalidClusterException("--hosts: certificates cannot be made: " + e, e);
        }
    }

    private static HostCertificates read(List<WorkerHost> hosts, NodeCredentials own) throws IOException {
        Map<String, List<String>> lines = new HashMap<>();
        for (WorkerHost host : hosts) {
            Path folder = host.certs().orElseThrow();
            try {
                NodeCredentials node = NodeCredentials.read(folder);
                node.requireValid(Instant.now());
                node.requireName(host.address());
            } catch (InvalidCredentialsException e) {
                throw new InvalidClusterException(host.where() + ": certs: " + e.getMessage(), e);
            }
            lines.put(host.address(), lines(folder));
        }
        return new HostCertificates(own, lines);
    }

    /** In a folder for their owner alone, and only until they are read. */
    private static HostCertificates made(List<WorkerHost> hosts, String ownHost) throws IOException {
        Path folder = Files.createTempDirectory("ketju-launch");
        try {
            Instant now = Instant.now();
            CertificateAuthority authority = CertificateAuthority.create("ketju launch", now);
            Map<String, List<String>> lines = new HashMap<>();
            for (WorkerHost host : hosts) {
                Path node = folder.resolve("host-" + lines.size());
                authority.issue(node, List.of(host.address()), now, CertificateAuthority.NODE_VALIDITY);
                lines.put(host.address(), lines(node));
            }
            Path driver = folder.resolve("driver");
            authority.issue(driver, List.of(ownHost), now, CertificateAuthority.NODE_VALIDITY);
            return new HostCertificates(NodeCredentials.read(driver), lines);
        } finally {
            remove(folder);
        }
    }

    private static List<String> lines(Path folder) throws IOException {
        List<String> lines = new java.util.ArrayList<>();
        for (String file : FILES) {
            lines.add(Files.readString(folder.resolve(file)).replace("\r", "").replace('\n', '~'));
        }
        return lines;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
