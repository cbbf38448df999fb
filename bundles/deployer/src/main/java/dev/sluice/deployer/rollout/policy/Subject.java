package dev.sluice.deployer.rollout.policy;

import java.util.Collection;

/**
 * What a policy is for.
 *
 * @param kind what the name is a name of
 * @param name the name; {@code *} for all
 */
public record Subject(Kind kind, String name) {

    /** What a name is a name of; the nearest first. */
    public enum Kind {
        /** A bundle's symbolic name. */
        BUNDLE,
        /** A middleware. */
        MIDDLEWARE,
        /** All that no other policy is for. */
        ALL
    }

    /** All that no other policy is for. */
    public static final Subject ALL = new Subject(Kind.ALL, "*");

    /** {@return whether a bundle with these middleware is meant} */
    boolean matches(String symbolicName, Collection<String> middleware) {
        return switch (kind) {
            case BUNDLE -> name.equals(symbolicName);
            case MIDDLEWARE -> middleware.contains(name);
            case ALL -> true;
        };
    }

    @Override
    public String toString() {
        return kind == Kind.BUNDLE ? "bundle=" + name : "middleware=" + name;
    }
}
