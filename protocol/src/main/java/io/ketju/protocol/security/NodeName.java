package io.ketju.protocol.security;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a node is called in certificates: a DNS name or an IP address. */
final class NodeName {
    private static final Pattern DNS = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private NodeName() {}

    /** The address, if the name is one. No name is looked up. */
    static Optional<InetAddress> address(String name) {
        try {
            return Optional.of(InetAddress.ofLiteral(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Throws {@link InvalidCredentialsException} for what is neither. */
    static void require(String name) {
        // What has digits and dots alone would be a broken address: InetAddress reads "1.2" as 1.0.0.2, others do not.
        boolean numbers = name.matches("[0-9.]*");
        boolean valid = numbers
                ? name.matches("(\\d{1,3}\\.){3}\\d{1,3}") && address(name).isPresent()
                : address(name).isPresent() || DNS.matcher(name).matches();
        if (!valid) {
            String shown = name.length() <= 60 ? name : name.substring(0, 60) + "...";
            throw new InvalidCredentialsException(
                    "node '" + shown.replaceAll("\\p{Cntrl}", "?") + "': expected a DNS name or an IP address");
        }
    }
}
