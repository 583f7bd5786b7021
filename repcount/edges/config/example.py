"""A configuration to begin with; it says every key there is."""

EXAMPLE = """\
# repcount: who trains, with which sensors, and where it is said.
#   repcount config check FILE     says everything that is wrong with it
#   repcount live --config FILE    serves it; what is saved on the page is written here, and comments stay

schema = 1

[broker]
# Without url a broker of its own is started, for this machine alone.
# url = "mqtts://broker.example:8883"    # mqtt:// without TLS
# ca_file = "ca.pem"                     # whom to trust, where the system does not; beside this file
# user = "repcount"
# password_env = "REPCOUNT_PASSWORD"     # name of an environment variable that holds the password ...
# password_file = "password"             # ... or of a file that does

[dashboard]
listen = "127.0.0.1"    # 0.0.0.0 shows the page to the network, by a token that is printed
port = 8321

[recording]
keep = true             # what sensors send is recorded, and kept for 30 days
# folder = "recordings" # recorded there instead, and kept until you delete it

# One for each person, or rack. On the page: "People".
[[station]]
id = "anna"             # in topics and files, for ever: a-z, 0-9 and '-'
name = "Anna"           # for people; others who use the broker can read it
wearer = "anna"         # pseudonym in recordings (default: the id)
exercise = "pull_up"    # 'repcount exercise list' has them all
# params = ["pull_up.toml"]    # what 'repcount tune' found for this person, files beside this one
rest_target_s = 90      # rest between sets that is asked for

[[station.sensor]]      # one, or one at the wrist and one at the chest
name = "Polar Sense 12345678"    # name or address, as 'repcount scan' says it
placement = "wrist"
side = "left"
# params = { rate_hz = 52 }      # what the sensor's profile lets you choose

[station.tempo]         # asked for, by exercise: seconds of lowering, or all four phases
pull_up = "3-1-1-0"
deadlift = 2.5
"""
