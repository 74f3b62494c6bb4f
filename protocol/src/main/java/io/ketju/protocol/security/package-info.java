/**
 * Who a node is, and whom it trusts. Both planes, control and data, take their TLS from here, so its rules stand once.
 *
 * <p>The path of one connection: {@link io.ketju.protocol.security.CertificateAuthority} has issued a key and a
 * certificate to each node, as files of a folder; {@link io.ketju.protocol.security.NodeCredentials} reads and checks
 * them at the start of a node, and makes the engine of every connection: TLS 1.3, both sides show a certificate, and
 * whoever connects compares the name that it meant with the names in the other's certificate. A cluster within one machine that has no such
 * folder has a {@link io.ketju.protocol.security.ClusterSecret} that only its owner can read ({@link io.ketju.protocol.security.LoopbackSecret}).
 *
 * <p>{@code KeyAccess} is the rule for who may read a key. {@code X509Certificates} writes certificates and {@code Der} the bytes that
 * they consist of; what is read is read by the JDK.
 */
@NullMarked
package io.ketju.protocol.security;

import org.jspecify.annotations.NullMarked;
