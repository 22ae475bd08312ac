package io.redshank.events;

import io.redshank.model.TopicFilter;

/**
 * With what right a message of a shared subscription that is kept is sent at QoS 2: it goes to the first member that claims it.
 *
 * @param filter the whole filter, with the group's name
 * @param era of the owner that assigned the message; none of an earlier one may be claimed once another owner has begun
 * @param alone whether the claim is all that is written, since the session does not persist
 */
public record ShareClaim(TopicFilter filter, long era, boolean alone) {
    static final Body<ShareClaim> BODY = Body.of(
            (out, claim) -> {
                out.writeText(claim.filter().value());
                out.writeLong(claim.era());
                out.writeFlag(claim.alone());
            },
            in -> new ShareClaim(new TopicFilter(in.readText()), in.readLong(), in.readFlag()));
}
